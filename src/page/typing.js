// Text and chords as keystrokes: each with the key's place as well as its meaning, for a server that passes on places
// (QEMU ignores the character and takes the scancode), and with Shift sent as a key of its own.

// W3C UI Events KeyboardEvent code Values, section 3.1: a key of a US keyboard, and its two characters.
const KEYS = [
  ['Backquote', '`~'], ['Minus', '-_'], ['Equal', '=+'], ['BracketLeft', '[{'], ['BracketRight', ']}'],
  ['Backslash', '\\|'], ['Semicolon', ';:'], ['Quote', '\'"'], ['Comma', ',<'], ['Period', '.>'], ['Slash', '/?'],
  ...Array.from('1!2@3#4$5%6^7&8*9(0)'.match(/../g), (pair) => [`Digit${pair[0]}`, pair]),
  ...Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => [`Key${letter.toUpperCase()}`, letter + letter.toUpperCase()]),
];

// RFC 6143, section 7.5.4: a printable character of ASCII is its own keysym.
const STROKES = new Map([
  ['\n', { keysym: 0xff0d, code: 'Enter', shift: false }],
  ['\t', { keysym: 0xff09, code: 'Tab', shift: false }],
  [' ', { keysym: 0x20, code: 'Space', shift: false }],
]);
for (const [code, [plain, shifted]] of KEYS) {
  STROKES.set(plain, { keysym: plain.charCodeAt(0), code, shift: false });
  STROKES.set(shifted, { keysym: shifted.charCodeAt(0), code, shift: true });
}

const SHIFT = { keysym: 0xffe1, code: 'ShiftLeft' };
const CTRL = { keysym: 0xffe3, code: 'ControlLeft' };
const ALT = { keysym: 0xffe9, code: 'AltLeft' };

export const CTRL_ALT_DEL = [CTRL, ALT, { keysym: 0xffff, code: 'Delete' }];
export const ctrlAltF = (number) => [CTRL, ALT, { keysym: 0xffbd + number, code: `F${number}` }];

// QEMU loses keys that come faster than 5 ms apart; about 30 keys a second is what a guest keeps up with.
const GAP = 9;
const STROKE = 33;

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// The strokes for a text, and the characters in it that a US keyboard does not have.
export function plan(text) {
  const characters = Array.from(text.replace(/\r\n?/g, '\n'));
  return {
    strokes: characters.map((character) => STROKES.get(character)),
    unknown: [...new Set(characters.filter((character) => !STROKES.has(character)))],
  };
}

// The name of a character, for people: some cannot be seen, or look like others.
export function name(character) {
  const number = character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? `${character} (U+${number})` : `U+${number}`;
}

// In a hidden tab a browser delays its timers to a second and more: a key held down so long repeats in the guest.
async function visible(signal) {
  while (document.hidden && !signal.aborted) await pause(100);
}

// Sends the strokes through `send(keysym, code, isDown)` until `signal` is aborted, and says how many were sent. No
// key stays down: a stroke that has begun is finished.
export async function type(strokes, send, signal, told) {
  for (let index = 0; index < strokes.length; index += 1) {
    await visible(signal);
    if (signal.aborted) return index;
    const { keysym, code, shift } = strokes[index];
    const begun = performance.now();
    if (shift) {
      send(SHIFT.keysym, SHIFT.code, true);
      await pause(GAP);
    }
    send(keysym, code, true);
    await pause(GAP);
    send(keysym, code, false);
    if (shift) {
      await pause(GAP);
      send(SHIFT.keysym, SHIFT.code, false);
    }
    told(index + 1);
    await pause(Math.max(GAP, STROKE - (performance.now() - begun)));
  }
  return strokes.length;
}

// Several keys at once.
export async function chord(keys, send) {
  for (const { keysym, code } of keys) {
    send(keysym, code, true);
    await pause(GAP);
  }
  for (const { keysym, code } of [...keys].reverse()) {
    send(keysym, code, false);
    await pause(GAP);
  }
}
