// Sends text and chords as keystrokes. Each has a keysym and the code of its key, as QEMU uses the scancode and ignores
// the keysym. Shift is sent as a key of its own.

// The keys of a US keyboard with their two characters. W3C UI Events KeyboardEvent code Values, section 3.1.
const KEYS = [
  ['Backquote', '`~'], ['Minus', '-_'], ['Equal', '=+'], ['BracketLeft', '[{'], ['BracketRight', ']}'],
  ['Backslash', '\\|'], ['Semicolon', ';:'], ['Quote', '\'"'], ['Comma', ',<'], ['Period', '.>'], ['Slash', '/?'],
  ...Array.from('1!2@3#4$5%6^7&8*9(0)'.match(/../g), (pair) => [`Digit${pair[0]}`, pair]),
  ...Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => [`Key${letter.toUpperCase()}`, letter + letter.toUpperCase()]),
];

// The keysym of a printable ASCII character is its code: RFC 6143, section 7.5.4.
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

// In milliseconds. QEMU loses keys that are less than 5 ms apart, and guests keep up with about 30 keys per second.
const KEY_GAP = 9;
const STROKE_TIME = 33;

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// The keystrokes for a text, and the characters in it that a US keyboard cannot type.
export function planStrokes(text) {
  const characters = Array.from(text.replace(/\r\n?/g, '\n'));
  return {
    strokes: characters.map((character) => STROKES.get(character)),
    unknown: [...new Set(characters.filter((character) => !STROKES.has(character)))],
  };
}

// A character with its code point, as some are invisible or look like others.
export function describe(character) {
  const number = character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? `${character} (U+${number})` : `U+${number}`;
}

// Waits until the tab is visible. In a hidden tab the browser delays timers by a second or more, so a key would be held
// long enough to repeat.
async function waitUntilVisible(signal) {
  while (document.hidden && !signal.aborted) await pause(100);
}

// Sends the strokes with `send(keysym, code, isDown)` until `signal` is aborted, and returns how many were sent. A stroke
// that has begun is completed, so that no key stays down.
export async function typeStrokes(strokes, send, signal, onProgress) {
  for (let index = 0; index < strokes.length; index += 1) {
    await waitUntilVisible(signal);
    if (signal.aborted) return index;
    const { keysym, code, shift } = strokes[index];
    const started = performance.now();
    if (shift) {
      send(SHIFT.keysym, SHIFT.code, true);
      await pause(KEY_GAP);
    }
    send(keysym, code, true);
    await pause(KEY_GAP);
    send(keysym, code, false);
    if (shift) {
      await pause(KEY_GAP);
      send(SHIFT.keysym, SHIFT.code, false);
    }
    onProgress(index + 1);
    await pause(Math.max(KEY_GAP, STROKE_TIME - (performance.now() - started)));
  }
  return strokes.length;
}

// Presses the keys in order and releases them in reverse order.
export async function pressChord(keys, send) {
  for (const { keysym, code } of keys) {
    send(keysym, code, true);
    await pause(KEY_GAP);
  }
  for (const { keysym, code } of [...keys].reverse()) {
    send(keysym, code, false);
    await pause(KEY_GAP);
  }
}
