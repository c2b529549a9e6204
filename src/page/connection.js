// How the page reaches its console: the URL of the WebSocket, what is known of the instance, and why a session ended.
// There are two kinds: the link on loopback, and the simulated account.

import { t } from './language.js';

// RFC 6455, section 7.4.1.
const CLOSE_CODES = {
  1000: t`normal closure`, 1001: t`the server is going away`, 1002: t`protocol error`, 1003: t`unsupported data`,
  1005: t`no reason given`, 1006: t`the connection was refused or lost`, 1009: t`message too big`,
  1011: t`internal server error`,
};

// The close codes of the link; see `src/local_web/console_page.rs`.
const MAY_RECONNECT = 4000;
const MAY_NOT_RECONNECT = 4001;

const COMMAND_ENDED = t`ecs-vnc is no longer running. Run "ecs-vnc open" again.`;

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// The page of `ecs-vnc open --page local`. The command that serves it issues a VncUrl for each WebSocket.
async function localConnection() {
  const fetchJson = async (path) => {
    const response = await fetch(path, { cache: 'no-store' });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
  };
  const { InstanceId, InstanceName, RegionId, VncPassword } = await fetchJson('info').catch(() => ({}));
  const socket = new URL('socket', location.href);
  socket.protocol = location.protocol.replace('http', 'ws');

  const explainEnd = async ({ opened, code, reason }) => {
    // Tried twice: when the computer changes its network, even requests to loopback may fail once.
    const lastEnd = await fetchJson('last-end').catch(() => pause(500).then(() => fetchJson('last-end'))).catch(() => null);
    if (!lastEnd) return { reason: COMMAND_ENDED, mayReconnect: false, canRetry: false };
    const end = { canRetry: true, mayReconnect: code !== MAY_NOT_RECONNECT };
    // A Close frame has room for the first 123 bytes of the reason.
    if (code === MAY_RECONNECT || code === MAY_NOT_RECONNECT) {
      return { ...end, reason: lastEnd.Reason.startsWith(reason) ? lastEnd.Reason : reason };
    }
    if (opened) return { ...end, reason: t`The connection to ecs-vnc was lost.` };
    return { ...end, reason: lastEnd.Reason || t`ecs-vnc refused the connection.` };
  };

  // Shows the command that the page is open: each request is left unanswered for a while.
  const reportPresence = async () => {
    for (let failures = 0; failures < 3;) {
      const isAnswered = await fetch('presence', { cache: 'no-store' }).then(({ ok }) => ok, () => false);
      failures = isAnswered ? 0 : failures + 1;
      if (!isAnswered) await pause(1000);
    }
  };

  return {
    instance: InstanceId || 'console', name: InstanceName, region: RegionId, url: socket.href, password: VncPassword,
    isOneTime: false, canReadText: true, details: null, explainEnd, reportPresence,
  };
}

// The parameters of Alibaba Cloud's page, and what is wrong with them.
function parameterDetails(query) {
  const url = query.get('vncUrl') || '';
  const windows = query.get('isWindows');
  const problems = ['vncUrl', 'instanceId', 'isWindows'].filter((key) => !query.get(key))
    .map((key) => t`The parameter ${key} is missing.`);
  if (windows && windows !== 'true' && windows !== 'false') problems.push(t`isWindows is neither true nor false.`);
  let [address, token] = [url ? t`not a URL` : t`missing`, ''];
  if (URL.canParse(url)) {
    const { protocol, host, pathname, searchParams } = new URL(url);
    address = `${protocol}//${host}${pathname}`;
    token = searchParams.get('s') || '';
    if (!token) problems.push(t`The vncUrl has no token.`);
  }
  return {
    values: {
      'detail-url': address,
      'detail-token': token ? `${token.slice(0, 6)}…` : t`none`,
      'detail-instance': query.get('instanceId') || t`missing`,
      'detail-windows': windows || t`missing`,
      'detail-password': query.get('password') ? t`given` : t`not given`,
    },
    problems,
  };
}

// The page of the simulated account. It has the same query parameters as Alibaba Cloud's page.
function demoConnection() {
  // URLSearchParams decodes once, as Alibaba Cloud's page does. The result is the URL of the WebSocket.
  const query = new URLSearchParams(location.search);
  const advice = t`Reloading does not help: a VNC URL works once, within 15 seconds. Run "ecs-vnc open" again.`;
  const explainEnd = async ({ opened, code, reason }) => {
    const meaning = [CLOSE_CODES[code] || t`unknown`, reason].filter(Boolean).join(': ');
    const end = opened ? t`Closed: code ${code} (${meaning}).` : t`Could not connect: code ${code} (${meaning}).`;
    return { reason: `${end} ${advice}`, mayReconnect: false, canRetry: false };
  };
  return {
    instance: query.get('instanceId') || 'console', name: '', region: '', url: query.get('vncUrl') || '',
    password: query.get('password') || '', isOneTime: true, canReadText: false, details: parameterDetails(query), explainEnd,
    reportPresence: async () => {},
  };
}

// The link on loopback is served as a directory, the simulated account's page as a file.
export const loadConnection = async () => (location.pathname.endsWith('/') ? localConnection() : demoConnection());
