// The language of the page. Its texts are English; the server marks the page as Chinese if the command speaks Chinese.
// A text is marked with t`…`. `{}` in the table stands for a value, in the same order as in English.

const CHINESE = {
  'A US keyboard cannot type {}. Nothing was sent.': '美式键盘无法输入 {}。未发送任何内容。',
  'A VNC URL works only once: run "ecs-vnc open" again': 'VNC URL 只能使用一次：请重新运行 "ecs-vnc open"',
  'Alibaba Cloud allows 30 connections per minute.': '阿里云每分钟最多允许 30 次连接。',
  Cancel: '取消',
  Closed: '已关闭',
  'Closed: code {} ({}).': '已关闭：代码 {}（{}）。',
  Connect: '连接',
  Connected: '已连接',
  'Connecting …': '正在连接……',
  Connection: '连接',
  Console: '控制台',
  'Console - connecting': '控制台 - 正在连接',
  'Copied the text on the screen.': '已复制屏幕上的文本。',
  'Copy text': '复制文本',
  'Copy the text on the screen': '复制屏幕上的文本',
  'Could not connect: code {} ({}).': '无法连接：代码 {}（{}）。',
  'Ctrl+Alt and a function key': 'Ctrl+Alt 与功能键',
  Details: '详细信息',
  Disconnected: '连接已断开',
  'Download the screen as a PNG file': '将屏幕下载为 PNG 文件',
  'Each character is typed as on a US keyboard. The instance must use the US layout, with Caps Lock off.':
    '每个字符都按美式键盘输入。实例须使用美式键盘布局，并关闭 Caps Lock。',
  'Enter the VNC password.': '请输入 VNC 密码。',
  Fit: '适应窗口',
  'Full screen': '全屏',
  'Full screen; hold Esc to exit': '全屏；按住 Esc 退出',
  'Keyboard input goes to the console.': '键盘输入会发送到控制台。按',
  'No console': '没有控制台',
  'No password was entered.': '未输入密码。',
  'Not connected': '未连接',
  Password: '密码',
  'Password required': '需要密码',
  Paste: '粘贴',
  'Paste as keystrokes': '以按键方式粘贴',
  'Press Ctrl+C to copy the text.': '按 Ctrl+C 复制文本。',
  Reconnect: '重新连接',
  'Reconnect now': '立即重新连接',
  Reconnecting: '正在重新连接',
  'Reconnecting in {} s': '{} 秒后重新连接',
  'Reloading does not help: a VNC URL works once, within 15 seconds. Run "ecs-vnc open" again.':
    '刷新页面没有用：VNC URL 只能在 15 秒内使用一次。请重新运行 "ecs-vnc open"。',
  'Scale the screen to the window, or show it at its own size': '将屏幕缩放到窗口大小，或按原始大小显示',
  'Screen of {}. Shift+F12 releases the keyboard.': '{} 的屏幕。按 Shift+F12 释放键盘。',
  Screenshot: '截图',
  'Select text': '选择文本',
  'Select text on the screen with the mouse': '用鼠标选择屏幕上的文本',
  'Select text with the mouse. Press Esc to return to the console.': '用鼠标选择文本。按 Esc 返回控制台。',
  Stop: '停止',
  'Stopped after {} of {} characters.': '已停止，已输入 {} 个字符，共 {} 个。',
  'Text to type': '要输入的文本',
  'The connection to ecs-vnc was lost.': '与 ecs-vnc 的连接已断开。',
  'The parameter {} is missing.': '缺少参数 {}。',
  'The screen shows no text in a known font.': '屏幕上没有已知字体的文本。',
  'The server chose the subprotocol "{}" instead of "binary".': '服务器选择了子协议 "{}"，而不是 "binary"。',
  'The server refused the login: {}.': '服务器拒绝登录：{}。',
  'The server refused the password.': '服务器拒绝了密码。',
  'The server sent something that noVNC does not understand. See the browser\'s developer console.':
    '服务器发送了 noVNC 无法理解的内容。请查看浏览器的开发者控制台。',
  'The text could not be read: {}.': '无法读取文本：{}。',
  'The vncUrl has no token.': 'vncUrl 中没有 token。',
  'The vncUrl is missing.': '缺少 vncUrl。',
  'The vncUrl is not a WebSocket URL.': 'vncUrl 不是 WebSocket URL。',
  'This browser cannot show the console: {}.': '此浏览器无法显示控制台：{}。',
  'This console is protected by a password. The page remembers it until the page is closed or the password is refused.':
    '此控制台受密码保护。页面会记住密码，直到页面关闭或密码被拒绝。',
  'This page needs JavaScript.': '此页面需要 JavaScript。',
  Type: '输入',
  'Typed {} characters.': '已输入 {} 个字符。',
  'Typing progress': '输入进度',
  'Typing {} characters': '正在输入 {} 个字符',
  'User name': '用户名',
  'VNC password': 'VNC 密码',
  'desktop name': '桌面名称',
  'ecs-vnc is no longer running. Run "ecs-vnc open" again.': 'ecs-vnc 已不再运行。请重新运行 "ecs-vnc open"。',
  'ecs-vnc refused the connection.': 'ecs-vnc 拒绝了连接。',
  given: '已给出',
  'internal server error': '服务器内部错误',
  'isWindows is neither true nor false.': 'isWindows 既不是 true 也不是 false。',
  'message too big': '消息过大',
  missing: '缺失',
  'no reason given': '未说明原因',
  none: '无',
  'normal closure': '正常关闭',
  'not a URL': '不是 URL',
  'not given': '未给出',
  password: '密码',
  'protocol error': '协议错误',
  'releases it.': '释放键盘。',
  'simulated account': '模拟账号',
  'the connection was refused or lost': '连接被拒绝或已断开',
  'the server is going away': '服务器正在关闭',
  unknown: '未知',
  'unsupported data': '不支持的数据',
  '{} and {} more': '{}，另有 {} 个',
};

const isChinese = document.documentElement.lang.startsWith('zh');

// Returns a text in the language of the page: t`Reconnecting in ${seconds} s`.
export function t(strings, ...values) {
  const english = strings.join('{}');
  const text = (isChinese && CHINESE[english]) || english;
  const left = [...values];
  return text.replaceAll('{}', () => left.shift());
}

// Translates the texts that stand in the page from the beginning.
export function translatePage() {
  if (!isChinese) return;
  const nodes = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    const text = CHINESE[node.data.trim()];
    if (text) node.data = node.data.replace(node.data.trim(), text);
  }
  for (const name of ['title', 'aria-label']) {
    for (const found of document.querySelectorAll(`[${name}]`)) {
      found.setAttribute(name, CHINESE[found.getAttribute(name)] || found.getAttribute(name));
    }
  }
}
