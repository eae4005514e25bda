import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocument } from "yaml";
import { createSourceMap } from "../../src/workflow/source.ts";

/** Every word of the value at `value` is found back in the text at the place where it is written. */
function followsBack(text: string): void {
  const document = parseDocument(text, { uniqueKeys: false });
  const source = createSourceMap("x.yaml", text, document);
  const value = String(document.get("value"));
  for (const match of value.matchAll(/\w+/g)) {
    const { start, end } = source.within(["value"], match.index, match.index + match[0].length);
    assert.equal(text.slice(start.offset, end.offset), match[0], text);
  }
}

test("offsets in a scalar lead back to the text, for every style", () => {
  followsBack("value: one two\n");
  followsBack("value: one\n  two\n\n  three # four\n");
  followsBack("value: 'it''s one'\n");
  followsBack("value: 'one\n  two\n\n  three'\n");
  followsBack('value: "one \\n \\u0041 \\x41 two"\n'.replace("\\u0041 \\x41", "\\u002d \\x2d"));
  followsBack('value: "one \\\n  two\n  three"\n');
  followsBack("value: |\n  one\n    two\n\n  three\nother: 1\n");
  followsBack("value: |-\r\n  one\r\n  two\r\n");
  followsBack("value: >\n  one\n  two\n\n  three\n    four\n  five\n");
  followsBack("a: 1\nvalue: >-\n    one\n    two");
});

test("a style that cannot be followed gives the whole value", () => {
  const text = "value: |2\n  one\n";
  const source = createSourceMap("x.yaml", text, parseDocument(text));
  assert.deepEqual(source.within(["value"], 0, 3), source.value(["value"]));
});

test("positions count lines and columns from one", () => {
  const text = "a:\n  - b: ünï\n";
  const source = createSourceMap("x.yaml", text, parseDocument(text));
  assert.deepEqual(source.value(["a", 0, "b"]), {
    start: { line: 2, column: 8, offset: 10 },
    end: { line: 2, column: 11, offset: 13 },
  });
  assert.deepEqual(source.key(["a", 0, "b"]).start, { line: 2, column: 5, offset: 7 });
  assert.deepEqual(source.value(["a", 0, "missing"]).start.line, 2);
});
