// The console page: shows the state of the session and handles buttons, dialogs and keys.

import { ReconnectBackoff } from './backoff.js';
import { CTRL_ALT_DEL, ctrlAltF, describe, planStrokes, pressChord, typeStrokes } from './typing.js';
import { loadConnection } from './connection.js';
import { t, translatePage } from './language.js';
import { plainText, readText, textLayer } from './text.js';

const element = (id) => document.getElementById(id);

const STATE_LABELS = {
  connecting: t`Connecting …`, password: t`Password required`, connected: t`Connected`, waiting: t`Reconnecting`,
  closed: t`Closed`, failed: t`Not connected`,
};

const backoff = new ReconnectBackoff();
let connection = null;
let rfb = null;
// The desktop's name at the beginning of the session.
let firstName = null;
let canvas = null;
let connectedAt = 0;
let countdown = 0;
let typingAbort = null;
// What covers the screen while text is selected.
let selection = null;
// The user has asked to reconnect.
let isReconnecting = false;
// Why the user ended the session, if not to reconnect.
let cancelReason = '';
// Kept for reconnects until the console refuses them. In memory only.
let credentials = {};

const isConnected = () => element('state').dataset.state === 'connected';
const isFit = () => element('scale').getAttribute('aria-pressed') === 'true';
const send = (keysym, code, isDown) => rfb.sendKey(keysym, code, isDown);
const press = (keys) => pressChord(keys, send).then(() => rfb.focus());

// Shows a state everywhere on the page.
function showState(state, title, reason = '', canRetry = false) {
  element('state').dataset.state = state;
  element('state').textContent = STATE_LABELS[state];
  document.title = `${connection?.name ? `${connection.name} (${connection.instance})` : connection?.instance ?? t`Console`} - ${STATE_LABELS[state]}`;
  element('notice').hidden = state === 'connected';
  element('banner').hidden = true;
  element('spinner').hidden = !['connecting', 'waiting'].includes(state);
  element('notice-title').textContent = title;
  element('reason').textContent = reason;
  element('reconnect-now').hidden = !canRetry;
  element('reconnect-now').textContent = state === 'waiting' ? t`Reconnect now` : t`Reconnect`;
  element('reconnect').disabled = !canRetry && !(state === 'connected' && !connection.isOneTime);
  for (const id of ['ctrl-alt-del', 'paste']) element(id).disabled = state !== 'connected';
  element('function-keys').classList.toggle('off', state !== 'connected');
  for (const button of element('function-key-list').children) button.disabled = state !== 'connected';
  if (state !== 'connected') element('function-keys').open = false;
  element('screenshot').disabled = !canvas;
  for (const id of ['copy-text', 'select-text']) element(id).disabled = !canvas || !connection.canReadText;
}

async function connect() {
  clearInterval(countdown);
  backoff.recordStart(performance.now());
  showState('connecting', t`Connecting …`);
  connectedAt = 0;
  try {
    // Loaded only now, so that the page can show problems earlier.
    const session = await import('./session.js');
    firstName = null;
    rfb = session.connect(element('screen'), connection.url, credentials, {
      connected, desktopNamed, credentialsRequired, disconnected,
    });
    rfb.scaleViewport = isFit();
    rfb.background = 'transparent';
  } catch (error) {
    const reason = connection.isOneTime && error instanceof TypeError
      ? t`The vncUrl is not a WebSocket URL.` : t`This browser cannot show the console: ${error.message}.`;
    showState('failed', t`No console`, connection.url || !connection.isOneTime ? reason : t`The vncUrl is missing.`);
  }
}

function connected() {
  connectedAt = performance.now();
  canvas = element('screen').querySelector('canvas');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', t`Screen of ${connection.instance}. Shift+F12 releases the keyboard.`);
  element('last-screen').replaceChildren();
  showState('connected', t`Connected`);
  if (!document.activeElement || document.activeElement === document.body || element('notice').contains(document.activeElement)) {
    rfb.focus({ preventScroll: true });
  }
}

// A server that shares its session tells what happens to it behind the desktop's name: `QEMU (lost: idle; reconnecting)`.
function desktopNamed(desktop) {
  firstName ??= desktop;
  const notice = desktop.startsWith(`${firstName} (`) ? desktop.slice(firstName.length + 2, -1) : '';
  element('detail-desktop').textContent = firstName;
  element('banner').textContent = notice;
  element('banner').hidden = !notice;
}

function credentialsRequired(types) {
  showState('password', t`Enter the VNC password.`);
  element('username-line').hidden = !types.includes('username');
  element('username').value = '';
  element('password').value = '';
  element('password-box').showModal();
  (types.includes('username') ? element('username') : element('password')).focus();
}

function cancelPassword() {
  cancelReason = t`No password was entered.`;
  rfb.disconnect();
}

async function disconnected(end) {
  typingAbort?.abort();
  element('password-box').close();
  // The last screen stays visible, greyed out: it may show a crash.
  if (end.connected) element('last-screen').replaceChildren(canvas);
  if (isReconnecting) {
    isReconnecting = false;
    return connectWithinLimit();
  }
  const duration = connectedAt ? performance.now() - connectedAt : 0;
  const failure = end.failure || cancelReason;
  if (end.refused) credentials = {};
  cancelReason = '';
  const { reason, mayReconnect, canRetry } = failure
    ? { reason: failure, mayReconnect: false, canRetry: !connection.isOneTime } : await connection.explainEnd(end);
  if (mayReconnect) return waitAndReconnect(backoff.delayAfter(duration, performance.now()), reason);
  showState(end.connected ? 'closed' : 'failed', end.connected ? t`Disconnected` : t`No console`, reason, canRetry);
  return undefined;
}

function waitAndReconnect(delay, reason) {
  const ends = performance.now() + delay;
  const tick = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    if (left <= 0) connect();
    else element('notice-title').textContent = t`Reconnecting in ${left} s`;
  };
  clearInterval(countdown);
  showState('waiting', '', reason, true);
  countdown = setInterval(tick, 250);
  tick();
}

function connectWithinLimit() {
  const delay = backoff.limitDelay(performance.now());
  if (delay) waitAndReconnect(delay, t`Alibaba Cloud allows 30 connections per minute.`);
  else connect();
}

function reconnect() {
  if (!isConnected()) return connectWithinLimit();
  isReconnecting = true;
  return rfb.disconnect();
}

async function paste(event) {
  event.preventDefault();
  const { strokes, unknown } = planStrokes(element('paste-text').value);
  if (unknown.length) {
    const names = unknown.slice(0, 12).map(describe).join(', ');
    const all = unknown.length > 12 ? t`${names} and ${unknown.length - 12} more` : names;
    element('paste-problem').textContent = t`A US keyboard cannot type ${all}. Nothing was sent.`;
    return;
  }
  element('paste-box').close();
  element('paste-text').value = '';
  typingAbort = new AbortController();
  const { signal } = typingAbort;
  element('typed-part').max = strokes.length;
  element('typed-part').value = 0;
  for (const id of ['typed-part', 'typing-stop', 'typing']) element(id).hidden = false;
  element('typed').textContent = t`Typing ${strokes.length} characters`;
  element('typing-stop').focus();
  const count = await typeStrokes(strokes, send, signal, (done) => { element('typed-part').value = done; });
  typingAbort = null;
  for (const id of ['typed-part', 'typing-stop']) element(id).hidden = true;
  element('typed').textContent = signal.aborted
    ? t`Stopped after ${count} of ${strokes.length} characters.` : t`Typed ${count} characters.`;
  setTimeout(() => { element('typing').hidden = !typingAbort; }, 4000);
  if (isConnected()) rfb.focus({ preventScroll: true });
}

function screenshot() {
  const two = (number) => String(number).padStart(2, '0');
  const now = new Date();
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('');
  // The visible canvas, even after the session has ended. noVNC's own screenshot would be empty then.
  canvas.toBlob((blob) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${connection.instance}-${date}-${time}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }, 'image/png');
}

// Shows a message for some seconds.
function say(message) {
  for (const id of ['typed-part', 'typing-stop']) element(id).hidden = true;
  element('typed').textContent = message;
  element('typing').hidden = false;
  setTimeout(() => { element('typing').hidden = !typingAbort; }, 4000);
}

// The text of the screen, or null after a message if there is none.
async function readScreen() {
  try {
    const text = await readText(canvas);
    if (text.IsText) return text;
    say(t`The screen shows no text in a known font.`);
  } catch (error) {
    say(t`The text could not be read: ${error.message}.`);
  }
  return null;
}

async function copyText() {
  const text = await readScreen();
  if (!text) return;
  try {
    await navigator.clipboard.writeText(plainText(text));
    say(t`Copied the text on the screen.`);
  } catch {
    // The browser does not let the page write to the clipboard: the user can.
    showSelection(text);
    getSelection().selectAllChildren(selection.querySelector('pre'));
    say(t`Press Ctrl+C to copy the text.`);
  }
}

function showSelection(text) {
  hideSelection();
  selection = textLayer(canvas, text);
  element('select-text').setAttribute('aria-pressed', 'true');
}

function hideSelection() {
  selection?.remove();
  selection = null;
  element('select-text').setAttribute('aria-pressed', 'false');
}

async function selectText() {
  if (selection) {
    hideSelection();
    if (isConnected()) rfb.focus({ preventScroll: true });
    return;
  }
  const text = await readScreen();
  if (!text) return;
  showSelection(text);
  say(t`Select text with the mouse. Press Esc to return to the console.`);
  // Keys go to the page, so that Ctrl+C copies.
  element('select-text').focus();
}

async function fullScreen() {
  if (document.fullscreenElement) return document.exitFullscreen();
  await document.documentElement.requestFullscreen();
  // If the browser supports it, Esc, Alt+Tab and the like go to the instance too.
  await navigator.keyboard?.lock?.().catch(() => {});
  return rfb?.focus();
}

function scale() {
  element('scale').setAttribute('aria-pressed', String(!isFit()));
  if (rfb) rfb.scaleViewport = isFit();
}

function onKey(event) {
  const isOnScreen = event.target === canvas;
  if (typingAbort && (isOnScreen || event.key === 'Escape')) {
    // The user's keys would end up in the middle of the text.
    if (event.key === 'Escape' && event.type === 'keydown') typingAbort.abort();
    event.preventDefault();
    event.stopPropagation();
  } else if (isOnScreen && event.shiftKey && event.key === 'F12' && event.type === 'keydown') {
    // The same key as in virt-viewer.
    event.preventDefault();
    event.stopPropagation();
    element('ctrl-alt-del').focus();
  } else if (event.key === 'Escape' && selection && event.type === 'keydown') {
    selectText();
  } else if (event.key === 'Escape' && element('function-keys').open && !isOnScreen) {
    element('function-keys').open = false;
    element('function-keys').querySelector('summary').focus();
  }
}

function addListeners() {
  for (let number = 1; number <= 12; number += 1) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: `F${number}` });
    button.setAttribute('aria-label', `Ctrl+Alt+F${number}`);
    button.addEventListener('click', () => {
      element('function-keys').open = false;
      press(ctrlAltF(number));
    });
    element('function-key-list').append(button);
  }
  const clicks = {
    'ctrl-alt-del': () => press(CTRL_ALT_DEL), scale, 'full-screen': fullScreen, screenshot, reconnect,
    'copy-text': copyText, 'select-text': selectText,
    'reconnect-now': reconnect, 'typing-stop': () => typingAbort?.abort(), 'paste-cancel': () => element('paste-box').close(),
    'password-cancel': cancelPassword,
    paste: () => {
      element('paste-problem').textContent = '';
      element('paste-box').showModal();
      element('paste-text').focus();
    },
  };
  for (const [id, action] of Object.entries(clicks)) element(id).addEventListener('click', action);
  element('paste-text').addEventListener('input', () => { element('paste-problem').textContent = ''; });
  element('paste-text').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) paste(event);
  });
  element('paste-box').querySelector('form').addEventListener('submit', paste);
  element('password-box').addEventListener('cancel', cancelPassword);
  element('password-box').querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    credentials = { username: element('username').value, password: element('password').value };
    element('password').value = '';
    element('password-box').close();
    showState('connecting', t`Connecting …`);
    rfb.sendCredentials(credentials);
  });
  for (const kind of ['keydown', 'keyup']) document.addEventListener(kind, onKey, true);
  document.addEventListener('click', ({ target }) => {
    if (!element('function-keys').contains(target)) element('function-keys').open = false;
  });
  // noVNC releases pressed keys when the window loses the focus, but not when only the screen does. Their key-up events
  // would then never reach the instance.
  element('screen').addEventListener('focusout', () => window.dispatchEvent(new Event('blur')));
}

function showDetails({ values, problems }) {
  for (const [id, value] of Object.entries(values)) element(id).textContent = value;
  element('details').hidden = false;
  for (const sentence of problems) {
    element('problems').append(Object.assign(document.createElement('li'), { textContent: sentence }));
  }
}

translatePage();
addListeners();
connection = await loadConnection();
for (const id of ['copy-text', 'select-text']) element(id).hidden = !connection.canReadText;
window.addEventListener('resize', hideSelection);
if (connection.password) credentials = { password: connection.password };
connection.reportPresence();
element('instance').textContent = connection.name || connection.instance;
element('instance-details').textContent = connection.isOneTime ? t`simulated account` : [connection.name && connection.instance, connection.region].filter(Boolean).join(' · ');
if (connection.isOneTime) element('reconnect').title = t`A VNC URL works only once: run "ecs-vnc open" again`;
if (connection.details) showDetails(connection.details);
connect();
