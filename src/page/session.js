// One connection: a WebSocket, and noVNC on it. noVNC hides how its WebSocket closed, so it is given one of ours.

import RFB from './novnc/core/rfb.js';

const NOT_UNDERSTOOD = 'The server sent something that noVNC does not understand. The browser\'s console says more.';

// Connects, and tells `on`: connected(), named(name), asked(types), ended(how). Throws where `url` is none.
export function connect(target, url, credentials, on) {
  // Without a scheme, a browser would take it for a path on this page's own server.
  if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) throw new TypeError('not the URL of a WebSocket');
  const socket = new WebSocket(url, 'binary');
  const how = { opened: false, connected: false, code: 0, reason: '', failure: '', refused: false };
  // Before noVNC's own, so that `how` is complete when noVNC says that it has ended.
  socket.addEventListener('open', () => {
    how.opened = true;
    if (socket.protocol === 'binary') return;
    how.failure = `The server chose the subprotocol "${socket.protocol}", and not "binary".`;
    socket.close();
  });
  socket.addEventListener('close', ({ code, reason }) => Object.assign(how, { code, reason }));

  const rfb = new RFB(target, socket, { credentials });
  rfb.addEventListener('connect', () => {
    how.connected = true;
    on.connected();
  });
  rfb.addEventListener('desktopname', ({ detail }) => on.named(detail.name));
  rfb.addEventListener('credentialsrequired', ({ detail }) => on.asked(detail.types));
  rfb.addEventListener('securityfailure', ({ detail }) => {
    how.refused = true;
    how.failure = `The server refused${detail.reason ? `: ${detail.reason}` : ' the password'}.`;
  });
  rfb.addEventListener('disconnect', () => {
    // noVNC gives up before its WebSocket has closed.
    if (!how.code && !how.failure) how.failure = NOT_UNDERSTOOD;
    on.ended(how);
  });
  return rfb;
}
