// The two ways in: what the page is told of its console, where its WebSocket is, and why that ended.

// RFC 6455, section 7.4.1, in words.
const CODES = {
  1000: 'closed in good order', 1001: 'the server went away', 1002: 'protocol error',
  1003: 'data that cannot be accepted', 1005: 'no reason given',
  1006: 'the connection was refused or lost', 1009: 'a message was too long', 1011: 'the server failed',
};

// Of the link on loopback; see launch/console.rs.
const MAY_RECONNECT = 4000;
const MAY_NOT = 4001;

const GONE = 'ecs-vnc has ended, so there is nothing here to connect to. Run "ecs-vnc open" again.';

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// The page of `ecs-vnc open --page local`: the same process has served it, and mints when the socket opens.
async function local() {
  const json = async (path) => {
    const answer = await fetch(path, { cache: 'no-store' });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  };
  const { InstanceId, InstanceName, RegionId, VncPassword } = await json('info').catch(() => ({}));
  const socket = new URL('socket', location.href);
  socket.protocol = location.protocol.replace('http', 'ws');

  const explain = async ({ opened, code, reason }) => {
    // Once more: a change of networks ends what is on its way, even on loopback.
    const last = await json('last-end').catch(() => pause(500).then(() => json('last-end'))).catch(() => null);
    if (!last) return { reason: GONE, mayReconnect: false, canRetry: false };
    const told = { canRetry: true, mayReconnect: code !== MAY_NOT };
    // A Close frame takes 123 bytes; the rest is here.
    if (code === MAY_RECONNECT || code === MAY_NOT) {
      return { ...told, reason: last.Reason.startsWith(reason) ? last.Reason : reason };
    }
    if (opened) return { ...told, reason: 'The connection to ecs-vnc was lost.' };
    return { ...told, reason: last.Reason || 'ecs-vnc did not take the connection.' };
  };

  // Shows the command that somebody is here, for as long as that is so.
  const stay = async () => {
    for (let failures = 0; failures < 3;) {
      const stayed = await fetch('presence', { cache: 'no-store' }).then(({ ok }) => ok, () => false);
      failures = stayed ? 0 : failures + 1;
      if (!stayed) await pause(1000);
    }
  };

  return {
    instance: InstanceId || 'console', name: InstanceName, region: RegionId,
    url: socket.href, password: VncPassword, isOnce: false, given: null, explain, stay,
  };
}

// What the vendor's page is given, and what is wrong with it.
function given(query) {
  const url = query.get('vncUrl') || '';
  const windows = query.get('isWindows');
  const missing = ['vncUrl', 'instanceId', 'isWindows'].filter((key) => !query.get(key))
    .map((key) => `The parameter ${key} is missing.`);
  if (windows && windows !== 'true' && windows !== 'false') missing.push('isWindows is neither true nor false.');
  let [place, token] = [url ? 'not a URL' : 'not given', ''];
  if (URL.canParse(url)) {
    const { protocol, host, pathname, searchParams } = new URL(url);
    place = `${protocol}//${host}${pathname}`;
    token = searchParams.get('s') || '';
    if (!token) missing.push('The vncUrl holds no token.');
  }
  return {
    values: {
      'given-url': place,
      'given-token': token ? `${token.slice(0, 6)}…` : 'none',
      'given-instance': query.get('instanceId') || 'not given',
      'given-windows': windows || 'not given',
      'given-password': query.get('password') ? 'given' : 'not given',
    },
    missing,
  };
}

// The page of the demo account: what the vendor's page gets in its query, this one takes from there.
function vendorLike() {
  // URLSearchParams decodes once, as the vendor's page does: what is left is the WebSocket's URL.
  const query = new URLSearchParams(location.search);
  const again = 'Reloading this page will not help: a VNC URL works once, and for 15 seconds. Run "ecs-vnc open" again.';
  const explain = async ({ opened, code, reason }) => {
    const words = CODES[code] || 'no known meaning';
    const how = `${opened ? 'Closed' : 'Could not connect'}: code ${code} (${words})${reason ? `: ${reason}` : ''}.`;
    return { reason: `${how} ${again}`, mayReconnect: false, canRetry: false };
  };
  return {
    instance: query.get('instanceId') || 'console', name: '', region: '',
    url: query.get('vncUrl') || '', password: query.get('password') || '', isOnce: true, given: given(query),
    explain, stay: async () => {},
  };
}

// The link on loopback serves a directory, the demo account a page.
export const wayIn = async () => (location.pathname.endsWith('/') ? local() : vendorLike());
