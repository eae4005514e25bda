import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { quoteAt, type ShellPlace, shellPlace } from "../../src/util/shellPlace.ts";

const SHELLS = ["/bin/sh", "/bin/bash", "/bin/zsh"].filter((shell) => existsSync(shell));

/** Lines of shell with a value at `@`; each prints the value, and only it, followed by a NUL. */
const LINES: readonly string[] = [
  "printf '%s\\0' @",
  "printf '%s\\0' \"@\"",
  "printf '%s\\0' '@'",
  'printf \'%s\\0\' "$(printf %s "@")"',
  "printf '%s\\0' \"$(printf %s @)\"",
  "printf '%s\\0' \"$NOTHING@\"",
  "printf '%s\\0' $NOTHING@",
  "x=@; printf '%s\\0' \"$x\"",
  `x="@"; printf '%s\\0' "\${x}"`,
  "true # it's a comment\nprintf '%s\\0' @",
  "true # @\nprintf '%s\\0' @",
  "cat > /dev/null <<'END'\nit's \"$(\nEND\nprintf '%s\\0' @",
  "cat <<-END > /dev/null; printf '%s\\0' \"@\"\n\tit's\n\tEND\n",
  "cat <<A <<B > /dev/null\n'\nA\n'\nB\nprintf '%s\\0' '@'",
  "echo a#b > /dev/null; printf '%s\\0' @",
  "(printf '%s\\0' @)",
  "printf '%s\\0' \"a'b\" > /dev/null; printf '%s\\0' @",
  "echo $((1 + 2)) $# $$ > /dev/null; printf '%s\\0' \"@\"",
  "if true; then { printf '%s\\0' @; }; fi",
  "printf '%s\\0' \\\n  @",
];

const VALUES: readonly string[] = [
  "plain",
  "two words",
  "it's",
  'say "hi"',
  `$(echo injected) \`echo injected\` $HOME \${HOME}`,
  "'; echo injected; '",
  '"; echo injected; "',
  "a\necho injected",
  "\\",
  "back\\slash\\\\",
  "); echo injected",
  "# ! ~ * ? [a] {a,b} & | ; < >",
  "-n",
];

test("a value is only itself at every sure place, in real shells", () => {
  assert.ok(SHELLS.length > 0);
  for (const line of LINES) {
    const script = VALUES.map((value) => render(line, value)).join("\n");
    for (const shell of SHELLS) {
      const { stdout } = spawnSync(shell, ["-c", script], { encoding: "utf8" });
      assert.deepEqual(stdout.split("\0"), [...VALUES, ""], `${shell}: ${line}`);
    }
  }
});

test("knows the place", () => {
  const cases: readonly (readonly [string, ShellPlace])[] = [
    ["", "word"],
    ["echo ", "word"],
    ['echo "', "double"],
    ['echo "a" ', "word"],
    ['echo "\\"', "double"],
    ["echo '", "single"],
    ["echo 'a\\' ", "word"],
    ['echo "$(cat ', "word"],
    ['echo "$(cat "', "double"],
    ['echo "$(cat "x") ', "double"],
    ["echo $(( 1 + ", "arithmetic"],
    ["# don't ", "comment"],
    ["echo a#", "word"],
    ["cat <<< ", "word"],
    ["a && (b; c) | d ", "word"],
  ];
  for (const [before, place] of cases) assert.equal(shellPlace(before), place, before);
});

test("says where it is not sure", () => {
  const cases = [
    "echo `",
    "echo `a` ",
    `echo \${x:-`,
    `echo "\${x:-"a"} `,
    "echo $'a' ",
    "echo $",
    "echo \\",
    'echo "\\',
    "cat <<END\n",
    "cat <<END\nEND",
    "cat <<$x\n",
    "cat <<E\\ND\n",
    'echo "$(case x in x) ',
    "echo $((1 + $(",
    "(cat <<END)\n",
  ];
  for (const before of cases) {
    assert.equal(shellPlace(before), "unsure", before);
    assert.equal(quoteAt(before, "x"), undefined);
  }
});

test("only a whole number may stand in arithmetic", () => {
  assert.equal(quoteAt("echo $((1 + ", "41"), "41");
  assert.equal(quoteAt("echo $((1 + ", "-2"), "-2");
  assert.equal(quoteAt("echo $((x", "1"), undefined, "it would name another variable");
  for (const text of ["", "a", "010", "1.5", "a[$(id)]", "1 + 1"]) {
    assert.equal(quoteAt("echo $((1 + ", text), undefined, text);
  }
});

function render(line: string, value: string): string {
  const [first = "", ...rest] = line.split("@");
  return rest.reduce(
    (before, part) => before + (quoteAt(before, value) ?? assert.fail(before)) + part,
    first,
  );
}
