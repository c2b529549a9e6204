// One session: a WebSocket, and noVNC on it. The WebSocket is created here because noVNC does not report how it closed.

import { t } from './language.js';
import RFB from './novnc/core/rfb.js';

const NOT_UNDERSTOOD = t`The server sent something that noVNC does not understand. See the browser's developer console.`;

// Connects, and calls the handlers connected(), desktopNamed(name), credentialsRequired(types) and disconnected(end).
// Throws a TypeError if `url` is not the URL of a WebSocket.
export function connect(target, url, credentials, handlers) {
  // Without a scheme, the browser would resolve it against this page's server.
  if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) throw new TypeError('not the URL of a WebSocket');
  const socket = new WebSocket(url, 'binary');
  const end = { opened: false, connected: false, code: 0, reason: '', failure: '', refused: false };
  // These listeners run before noVNC's, so that `end` is complete when noVNC reports the end.
  socket.addEventListener('open', () => {
    end.opened = true;
    if (socket.protocol === 'binary') return;
    end.failure = t`The server chose the subprotocol "${socket.protocol}" instead of "binary".`;
    socket.close();
  });
  socket.addEventListener('close', ({ code, reason }) => Object.assign(end, { code, reason }));

  const rfb = new RFB(target, socket, { credentials });
  rfb.addEventListener('connect', () => {
    end.connected = true;
    handlers.connected();
  });
  rfb.addEventListener('desktopname', ({ detail }) => handlers.desktopNamed(detail.name));
  rfb.addEventListener('credentialsrequired', ({ detail }) => handlers.credentialsRequired(detail.types));
  rfb.addEventListener('securityfailure', ({ detail }) => {
    end.refused = true;
    end.failure = detail.reason
      ? t`The server refused the login: ${detail.reason}.` : t`The server refused the password.`;
  });
  rfb.addEventListener('disconnect', () => {
    // On an error noVNC reports the end before its WebSocket has closed.
    if (!end.code && !end.failure) end.failure = NOT_UNDERSTOOD;
    handlers.disconnected(end);
  });
  return rfb;
}
