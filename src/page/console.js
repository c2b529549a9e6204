// The console page: what is shown where, and what happens when.

import { Again } from './backoff.js';
import { CTRL_ALT_DEL, chord, ctrlAltF, name, plan, type } from './typing.js';
import { wayIn } from './connection.js';

const at = (id) => document.getElementById(id);

const WORDS = {
  connecting: 'Connecting …', password: 'Password needed', connected: 'Connected', waiting: 'Reconnecting',
  closed: 'Closed', failed: 'Not connected',
};

const again = new Again();
let way = null;
let rfb = null;
let canvas = null;
let connectedAt = 0;
let countdown = 0;
let stopTyping = null;
// The user has ended the connection: to have another one, or for this reason.
let isWanted = false;
let refusal = '';
// What the console was let in with, for the next connection: in memory only, and until it is refused.
let credentials = {};

const isConnected = () => at('state').dataset.state === 'connected';
const isFit = () => at('scale').getAttribute('aria-pressed') === 'true';
const send = (keysym, code, isDown) => rfb.sendKey(keysym, code, isDown);
const press = (keys) => chord(keys, send).then(() => rfb.focus());

// One state, everywhere it shows.
function show(word, title, reason = '', canRetry = false) {
  at('state').dataset.state = word;
  at('state').textContent = WORDS[word];
  document.title = `${way?.name ? `${way.name} (${way.instance})` : way?.instance ?? 'Console'} - ${WORDS[word]}`;
  at('notice').hidden = word === 'connected';
  at('spinner').hidden = !['connecting', 'waiting'].includes(word);
  at('notice-title').textContent = title;
  at('reason').textContent = reason;
  at('reconnect-now').hidden = !canRetry;
  at('reconnect-now').textContent = word === 'waiting' ? 'Reconnect now' : 'Reconnect';
  at('reconnect').disabled = !canRetry && !(word === 'connected' && !way.isOnce);
  for (const id of ['ctrl-alt-del', 'paste']) at(id).disabled = word !== 'connected';
  at('function-keys').classList.toggle('off', word !== 'connected');
  for (const button of at('function-key-list').children) button.disabled = word !== 'connected';
  if (word !== 'connected') at('function-keys').open = false;
  at('screenshot').disabled = !canvas;
}

async function connect() {
  clearInterval(countdown);
  again.begin(performance.now());
  show('connecting', 'Connecting …');
  connectedAt = 0;
  try {
    // Only now: until it is here the page can already say what is wrong.
    const session = await import('./session.js');
    rfb = session.connect(at('screen'), way.url, credentials, { connected, named, asked, ended });
    rfb.scaleViewport = isFit();
    rfb.background = 'transparent';
  } catch (error) {
    const reason = way.isOnce && error instanceof TypeError
      ? 'The vncUrl is not the URL of a WebSocket.' : `This browser cannot show the console: ${error.message}.`;
    show('failed', 'No console', way.url || !way.isOnce ? reason : 'There is no vncUrl to connect to.');
  }
}

function connected() {
  connectedAt = performance.now();
  canvas = at('screen').querySelector('canvas');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', `Screen of ${way.instance}. Shift+F12 leaves it.`);
  at('past').replaceChildren();
  show('connected', 'Connected');
  if (!document.activeElement || document.activeElement === document.body || at('notice').contains(document.activeElement)) {
    rfb.focus({ preventScroll: true });
  }
}

function named(desktop) {
  at('given-name').textContent = desktop;
  // The demo account says there how late the VncUrl was used.
  const age = /\((connected .+)\)$/.exec(desktop);
  at('age').textContent = age ? `${age[1].charAt(0).toUpperCase()}${age[1].slice(1)}` : desktop;
}

function asked(types) {
  show('password', 'The console asks for its VNC password.');
  at('username-line').hidden = !types.includes('username');
  at('username').value = '';
  at('password').value = '';
  at('password-box').showModal();
  (types.includes('username') ? at('username') : at('password')).focus();
}

function refuse() {
  refusal = 'No password was given.';
  rfb.disconnect();
}

async function ended(how) {
  stopTyping?.abort();
  at('password-box').close();
  at('age').textContent = '';
  // What was last seen stays, greyed: it may be all there is to read of a crash.
  if (how.connected) at('past').replaceChildren(canvas);
  if (isWanted) {
    isWanted = false;
    return retry();
  }
  const held = connectedAt ? performance.now() - connectedAt : 0;
  const failure = how.failure || refusal;
  if (how.refused) credentials = {};
  refusal = '';
  const told = failure ? { reason: failure, mayReconnect: false, canRetry: !way.isOnce } : await way.explain(how);
  if (told.mayReconnect) return waitAndRetry(again.wait(performance.now(), held), told.reason);
  show(how.connected ? 'closed' : 'failed', how.connected ? 'The connection has ended' : 'No console', told.reason, told.canRetry);
  return undefined;
}

function waitAndRetry(wait, reason) {
  const ends = performance.now() + wait;
  const tick = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    if (left <= 0) connect();
    else at('notice-title').textContent = `Reconnecting in ${left} s`;
  };
  clearInterval(countdown);
  show('waiting', '', reason, true);
  countdown = setInterval(tick, 250);
  tick();
}

function retry() {
  const wait = again.room(performance.now());
  if (wait) waitAndRetry(wait, 'The service takes 30 connections a minute.');
  else connect();
}

function reconnect() {
  if (!isConnected()) return retry();
  isWanted = true;
  return rfb.disconnect();
}

async function paste(event) {
  event.preventDefault();
  const { strokes, unknown } = plan(at('paste-text').value);
  if (unknown.length) {
    const names = unknown.slice(0, 12).map(name).join(', ');
    const rest = unknown.length > 12 ? ` and ${unknown.length - 12} more` : '';
    at('paste-problem').textContent = `A US keyboard cannot type ${names}${rest}. Nothing was sent.`;
    return;
  }
  at('paste-box').close();
  at('paste-text').value = '';
  stopTyping = new AbortController();
  const { signal } = stopTyping;
  at('typed-part').max = strokes.length;
  at('typed-part').value = 0;
  for (const id of ['typed-part', 'typing-stop', 'typing']) at(id).hidden = false;
  at('typed').textContent = `Typing ${strokes.length} characters`;
  at('typing-stop').focus();
  const count = await type(strokes, send, signal, (done) => { at('typed-part').value = done; });
  stopTyping = null;
  for (const id of ['typed-part', 'typing-stop']) at(id).hidden = true;
  at('typed').textContent = signal.aborted
    ? `Stopped after ${count} of ${strokes.length} characters.` : `Typed ${count} characters.`;
  setTimeout(() => { at('typing').hidden = !stopTyping; }, 4000);
  if (isConnected()) rfb.focus({ preventScroll: true });
}

function screenshot() {
  const two = (number) => String(number).padStart(2, '0');
  const now = new Date();
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('');
  // What is seen, be it of the last connection: noVNC's own picture is empty until the next one is there.
  canvas.toBlob((blob) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${way.instance}-${date}-${time}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }, 'image/png');
}

async function fullScreen() {
  if (document.fullscreenElement) return document.exitFullscreen();
  await document.documentElement.requestFullscreen();
  // Where a browser can: Esc, Alt+Tab and the like go to the instance as well.
  await navigator.keyboard?.lock?.().catch(() => {});
  return rfb?.focus();
}

function scale() {
  at('scale').setAttribute('aria-pressed', String(!isFit()));
  if (rfb) rfb.scaleViewport = isFit();
}

function onKey(event) {
  const isOnScreen = event.target === canvas;
  if (stopTyping && (isOnScreen || event.key === 'Escape')) {
    // A key of the user's own would end up in the middle of the text.
    if (event.key === 'Escape' && event.type === 'keydown') stopTyping.abort();
    event.preventDefault();
    event.stopPropagation();
  } else if (isOnScreen && event.shiftKey && event.key === 'F12' && event.type === 'keydown') {
    // The key by which other viewers let go, too: virt-viewer's.
    event.preventDefault();
    event.stopPropagation();
    at('ctrl-alt-del').focus();
  } else if (event.key === 'Escape' && at('function-keys').open && !isOnScreen) {
    at('function-keys').open = false;
    at('function-keys').querySelector('summary').focus();
  }
}

function listen() {
  for (let number = 1; number <= 12; number += 1) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: `F${number}` });
    button.setAttribute('aria-label', `Ctrl+Alt+F${number}`);
    button.addEventListener('click', () => {
      at('function-keys').open = false;
      press(ctrlAltF(number));
    });
    at('function-key-list').append(button);
  }
  const clicks = {
    'ctrl-alt-del': () => press(CTRL_ALT_DEL), scale, 'full-screen': fullScreen, screenshot, reconnect,
    'reconnect-now': reconnect, 'typing-stop': () => stopTyping?.abort(), 'paste-cancel': () => at('paste-box').close(),
    'password-cancel': refuse,
    paste: () => {
      at('paste-problem').textContent = '';
      at('paste-box').showModal();
      at('paste-text').focus();
    },
  };
  for (const [id, action] of Object.entries(clicks)) at(id).addEventListener('click', action);
  at('paste-text').addEventListener('input', () => { at('paste-problem').textContent = ''; });
  at('paste-text').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) paste(event);
  });
  at('paste-box').querySelector('form').addEventListener('submit', paste);
  at('password-box').addEventListener('cancel', refuse);
  at('password-box').querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    credentials = { username: at('username').value, password: at('password').value };
    at('password').value = '';
    at('password-box').close();
    show('connecting', 'Connecting …');
    rfb.sendCredentials(credentials);
  });
  for (const kind of ['keydown', 'keyup']) document.addEventListener(kind, onKey, true);
  document.addEventListener('click', ({ target }) => {
    if (!at('function-keys').contains(target)) at('function-keys').open = false;
  });
  // noVNC lets go of the keys that are down when the window loses the focus, but not when only the screen does: their
  // ends would go to whatever has the focus then, and never to the instance.
  at('screen').addEventListener('focusout', () => window.dispatchEvent(new Event('blur')));
}

function showGiven({ values, missing }) {
  for (const [id, value] of Object.entries(values)) at(id).textContent = value;
  at('given').hidden = false;
  for (const sentence of missing) {
    at('missing').append(Object.assign(document.createElement('li'), { textContent: sentence }));
  }
}

listen();
way = await wayIn();
if (way.password) credentials = { password: way.password };
way.stay();
at('instance').textContent = way.name || way.instance;
at('about').textContent = way.isOnce ? 'demo account' : [way.name && way.instance, way.region].filter(Boolean).join(' · ');
if (way.isOnce) at('reconnect').title = 'A VNC URL works once: run "ecs-vnc open" again';
if (way.given) showGiven(way.given);
connect();
