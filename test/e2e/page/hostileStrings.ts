/**
 * Three hundred texts that must stay texts: markup, links that run, commands of the editor, terminal codes, letters that
 * turn the line around, lines without an end. The same every time. `canary()` is what they try to call.
 */

const CALLS = [
  "canary()",
  "window.canary()",
  "top.canary()",
  "parent.canary&&parent.canary()",
  "self['canary']()",
];

/** Each takes a call. */
const SHAPES: readonly ((call: string) => string)[] = [
  (call) => `<script>${call}</script>`,
  (call) => `<img src=x onerror="${call}">`,
  (call) => `<svg onload="${call}"><circle r="1000000"/></svg>`,
  (call) => `<svg><script>${call}</script></svg>`,
  (call) =>
    `<svg><foreignObject><iframe srcdoc="<script>${call}</script>"></iframe></foreignObject></svg>`,
  (call) => `<iframe src="javascript:${call}"></iframe>`,
  (call) => `<a href="javascript:${call}">click</a>`,
  (call) => `[click](javascript:${call})`,
  (call) => `![pixel](https://example.invalid/p.png "${call}")`,
  (call) => `[run](command:fermata.cancelRun?${encodeURIComponent(JSON.stringify([call]))})`,
  (call) => `command:workbench.action.closeWindow?${call}`,
  (call) => `<a href="command:fermata.cancelRun">${call}</a>`,
  (call) => `vscode://file/etc/passwd?${call}`,
  (call) => `<details open ontoggle="${call}"><summary>x</summary></details>`,
  (call) => `<input autofocus onfocus="${call}">`,
  (call) => `<body onload="${call}">`,
  (call) => `<style>*{display:none}</style>${call}`,
  (call) => `<link rel="stylesheet" href="data:text/css,*{display:none}">${call}`,
  (call) =>
    `<base href="https://example.invalid/"><form action="javascript:${call}"><button>x</button></form>`,
  (call) => `<meta http-equiv="refresh" content="0;url=javascript:${call}">`,
  (call) => `"><img src=x onerror=${call}>`,
  (call) => `'><svg/onload=${call}>`,
  (call) => `\`\${${call}}\``,
  (call) => `\${${call}} {{${call}}} <%= ${call} %>`,
  (call) => `--></script><script>${call}</script><!--`,
  (call) => `]]><script>${call}</script>`,
  (call) => `<math><mi xlink:href="javascript:${call}">x</mi></math>`,
  (call) => `<object data="data:text/html,<script>${call}</script>"></object>`,
  (call) => `<button formaction="javascript:${call}" autofocus>x</button>`,
  (call) => `${"[".repeat(2000)}${call}`,
  (call) => `<video><source onerror="${call}"></video>`,
  (call) => `<marquee onstart="${call}">x</marquee>`,
  (call) => `<template shadowrootmode="open"><script>${call}</script></template>`,
  (call) => `<fermata-answer onclick="${call}"></fermata-answer>`,
  (call) => `&lt;script&gt;${call}&lt;/script&gt;`,
  (call) => `&#60;img src=x onerror=${call}&#62;`,
  (call) => `\u001b]8;;javascript:${call}\u0007link\u001b]8;;\u0007`,
  (call) => `\u001b[2J\u001b[1;1H\u001b[31m${call}\u001b[0m`,
  (call) => `\u001b]0;${call}\u0007\u009b31m`,
  (call) => `\u202e${call}\u202c reversed`,
  (call) => `\u2066\u202d${call}\u2069`,
  (call) => `\u200b\u200c\u200d\ufeff${call}`,
  (call) => `${"\u200b".repeat(3000)}${call}`,
  (call) => `Z${"\u0300\u0301\u0302\u0489".repeat(200)}${call}`,
  (call) => `\u0000\u0001\u0008\u007f${call}`,
  (call) => `\ud800${call}\udfff`,
  (call) => `${"W".repeat(5000)}${call}`,
  (call) => `${"<b>".repeat(500)}${call}`,
  (call) => `${"\n".repeat(400)}${call}`,
  (call) => `${"\t".repeat(400)}${call}`,
  (call) => `${"a\u2028b\u2029".repeat(100)}${call}`,
  (call) => `\ufdfd${"\ufdfd".repeat(200)}${call}`,
  (call) => `${"👩‍👩‍👧‍👦".repeat(300)}${call}`,
  (call) => `# Heading\n\n- [ ] **${call}**\n\n| a |\n|---|\n| <img src=x onerror=${call}> |`,
  (call) => `$(alert)$(sync~spin) ${call}`,
  (call) => `__proto__ constructor toString ${call}`,
  (call) => `../../../../etc/passwd\u0000${call}`,
  (call) => `%3Cscript%3E${call}%3C/script%3E`,
  (call) => `url(javascript:${call}) expression(${call})`,
  (call) => `x" style="position:fixed;inset:0;background:red" y="${call}`,
];

/** The texts, each another. */
export function hostileStrings(): readonly string[] {
  return CALLS.flatMap((call) => SHAPES.map((shape) => shape(call)));
}

/** A line of a megabyte, with something in the middle. */
export function longLine(): string {
  const half = "x".repeat(500_000);
  return `${half}<img src=x onerror="canary()">${half}`;
}
