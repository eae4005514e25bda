/** Every file in `cases` with the pictures that it must give; `FERMATA_ACCEPT=1` writes what it gives now. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { runTree } from "../../src/views/taskTree.ts";
import { runText } from "../../src/views/text.ts";
import { type Picture, withPictures } from "./played.ts";

const FOLDER = new URL("./cases/", import.meta.url);

function draw({ state, driven, live, heading }: Picture): string {
  const tree = runTree(state, { driven, live, me: "person" });
  const lines = runText(tree, {
    workspace: "/repo",
    width: 80,
    widthOf: (text) => [...text].length,
    colour: false,
    now: state.updated_at,
    show: heading.startsWith("end") ? "all" : "open",
    tick: 4,
  });
  return `${lines.join("\n")}\n`;
}

for (const name of readdirSync(FOLDER)) {
  test(`picture ${name}`, () => {
    const file = new URL(name, FOLDER);
    const source = readFileSync(file, "utf8");
    const drawn = withPictures(source, draw);
    if (process.env.FERMATA_ACCEPT === "1") writeFileSync(file, drawn);
    assert.equal(drawn, readFileSync(file, "utf8"));
  });
}
