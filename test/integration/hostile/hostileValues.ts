/**
 * Texts that would do harm if a shell, a program or a terminal read them as more than a text. Each must come out as
 * itself. `canary` is what an injected command would print or touch.
 */

/** More than two hundred different ones; none holds a NUL, which no argument can. */
export function hostileValues(canary: string): readonly string[] {
  const command = `touch ${canary}`;
  const values = [
    ...PLAIN,
    ...separated(command),
    ...substituted(command),
    ...closing(command),
    ...VARIABLES,
    ...REDIRECTIONS.map((redirection) => `${redirection}${canary}`),
    ...PATTERNS,
    ...OPTIONS.map((option) => option.replace("CANARY", canary).replace("COMMAND", command)),
    ...BACKSLASHES,
    ...CONTROLS,
    ...UNICODE,
    ...SYNTAX,
    ...WINDOWS,
    ...TEMPLATES,
  ];
  return [...new Set(values)];
}

const PLAIN = [
  "",
  " ",
  "  two  blanks  ",
  " leading",
  "trailing ",
  "plain",
  "0",
  "-",
  "--",
  "a".repeat(10_000),
];

function separated(command: string): readonly string[] {
  const marks = [
    ";",
    "&",
    "&&",
    "||",
    "|",
    "|&",
    "\n",
    "\r\n",
    "\r",
    ";;",
    "&\n",
    "\n\n;",
    "\t;",
    "\\\n;",
    "\\;",
  ];
  return marks.flatMap((mark) => [
    `x${mark}${command}`,
    `x ${mark} ${command} ${mark} x`,
    `${mark}${command}`,
  ]);
}

function substituted(command: string): readonly string[] {
  const forms = [
    `$(${command})`,
    `\`${command}\``,
    `$((\`${command}\`))`,
    `\${x:-$(${command})}`,
    `\${x:=\`${command}\`}`,
    `$[$(${command})]`,
    `<(${command})`,
    `>(${command})`,
    `=(${command})`,
    `$(<${command})`,
    `$({ ${command}; })`,
    `$'\\x24(${command})'`,
    `$"$(${command})"`,
    `\\$(${command})`,
    `\\\\$(${command})`,
    `\\\`${command}\\\``,
    `a[$(${command})]`,
    `\${x[$(${command})]}`,
    `\${!x}`,
    `\${x@P}`,
    `!(${command})`,
    `{${command},}`,
  ];
  return forms.flatMap((form) => [form, `x${form}y`, `"${form}"`, `'${form}'`]);
}

function closing(command: string): readonly string[] {
  const closers = [
    "'",
    '"',
    "''",
    '""',
    `'"`,
    `"'`,
    ")",
    "))",
    "}",
    "]]",
    "`",
    "\\'",
    '\\"',
    "\\\\'",
    '\\\\"',
    "'\\''",
    "$'",
    '$"',
  ];
  return closers.flatMap((closer) => [
    `${closer}; ${command}; ${closer}`,
    `${closer}\n${command}\n${closer}`,
    `${closer} && ${command} #`,
    `x${closer}`,
  ]);
}

const VARIABLES = [
  "$HOME",
  `\${HOME}`,
  "$PATH$IFS$9",
  "$@",
  "$*",
  "$#",
  "$?",
  "$$",
  "$!",
  "$-",
  "$0",
  "$1",
  `\${#HOME}`,
  `\${HOME%/*}`,
  "$",
  "$ x",
  "x$",
  "~",
  "~root",
  "~+",
  "x=~/y",
  "PATH=/tmp",
  "IFS=x",
];

const REDIRECTIONS = [">", ">>", "<", "<>", ">|", ">&", "&>", "2>", "2>&1 >", "<<< ", "<<x\n"];

const PATTERNS = [
  "*",
  "?",
  "[a-z]",
  "/*",
  "./*",
  "**/*",
  "{a,b}",
  "{1..9}",
  "+(x)",
  "@(x|y)",
  "!(x)",
  "!!",
  "!1",
  "!-1",
  "^a^b",
  "#comment",
  "x #comment",
  "#!/bin/sh",
  "%1",
];

/** What programs take for options: in a list of words they stay one word each, which is all that can be promised. */
const OPTIONS = [
  "-rf",
  "-n",
  "-e",
  "-c",
  "--help",
  "--version",
  "--",
  "-",
  "--output=CANARY",
  "-oProxyCommand=COMMAND",
  "--upload-pack=COMMAND",
  "--exec=COMMAND",
  "-exec",
  "--config=core.pager=COMMAND",
  "-c core.sshCommand=COMMAND",
  "--checkpoint-action=exec=COMMAND",
  "-I COMMAND",
  "--use-compress-program=COMMAND",
  "@CANARY",
  "+CANARY",
  "--open-files-in-pager=COMMAND",
  "-T/etc/passwd",
  "ext::sh -c COMMAND",
  "-\u200bn",
  "--\nx",
];

const BACKSLASHES = [
  "\\",
  "\\\\",
  "\\\\\\",
  "x\\",
  "\\x",
  "\\n",
  "\\0",
  "\\x00",
  "\\u0041",
  "\\ ",
  "\\\n",
  "a\\\nb",
  "%s",
  "%n",
  "%d%d",
  "%%",
  "%1$s",
  "\\c",
];

const CONTROLS = [
  "\x01",
  "\x03",
  "\x04",
  "\x07",
  "\b\b\b",
  "\x0b",
  "\x0c",
  "\x1b[2J",
  "\x1b]0;title\x07",
  "\x1bP",
  "\x7f",
  "\t",
  "a\tb",
  "\n",
  "a\nb\n",
  "\n\n",
  "\r",
  "a\r\nb",
];

const UNICODE = [
  "é",
  "e\u0301",
  "😀",
  "\u202e\u2066",
  "\u200b",
  "\ufeff",
  "\u2028",
  "\u2029",
  "\uff1b",
  "\u037e",
  "\uff04\uff08id\uff09",
  "\u2018x\u2019",
  "\u201cx\u201d",
  "\u00a0",
  "\u3000",
  "\ufffd",
  "ﬀ",
  "İ",
  "\u{1f468}\u200d\u{1f469}",
];

const SYNTAX = [
  "if true; then",
  "fi",
  "done",
  "esac",
  "case x in",
  "x) echo",
  "function f() {",
  "() { :;}; echo",
  "f(){ f|f& };f",
  "[[ x ]]",
  "((x++))",
  "let x=1",
  "eval x",
  "exec x",
  ". x",
  "x <<END",
  "END",
  "EOF",
  "alias ls=x",
  "trap x EXIT",
  "export X=1",
  "set -e",
  "exit 1",
  "return 3",
  ":(){ :|:& };:",
];

const WINDOWS = [
  "%PATH%",
  "%%PATH%%",
  "!PATH!",
  "^",
  "^^",
  "^&",
  "x&calc",
  "x|more",
  "(x)",
  '"x',
  '\\"x',
  "C:\\Program Files\\x\\",
  "%CD:~0,1%",
  "x\u00a0y",
];

const TEMPLATES = [
  "{{ 1 + 1 }}",
  "{% if x %}",
  "{# x #}",
  "{{",
  "}}",
  `\${{ env.X }}`,
  "<%= x %>",
  "#{x}",
  "__proto__",
];
