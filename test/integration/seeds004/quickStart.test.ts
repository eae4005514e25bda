/** The seed's quick start guide: what docs/quick-start.md says works as it stands, and what it quotes is really said. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "../../../scripts/bootstrap.mjs";
import { readSourceFiles } from "../../../scripts/sourceFiles.ts";
import { makePlace } from "../cli/spawnCli.ts";
import { REAL_AGENTS } from "../real/agents.ts";
import { RULES } from "./calculator.ts";

const GUIDE = readFileSync(join(ROOT, "docs", "quick-start.md"), "utf8");
const PYTHON = spawnSync("python3", ["--version"]).status === 0;

const place = makePlace();
after(() => place.remove());

function blocks(language: string): readonly string[] {
  const fences = GUIDE.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...fences].map(([, text = ""]) => text);
}

test("the guide's first task runs as it is written, with an agent that does it", {
  skip: !PYTHON && "the task's own tests need python3",
}, async () => {
  const [inputs = ""] = blocks("json");
  place.write("calculator.json", inputs);
  const script = place.write("agent.json", JSON.stringify({ rules: RULES }));
  const config = join(place.env.XDG_CONFIG_HOME ?? assert.fail(), "fermata");
  mkdirSync(config, { recursive: true });
  const agents = { "@coder": { adapter: "scripted", script } };
  writeFileSync(join(config, "settings.json"), JSON.stringify({ agents, defaultAgent: "@coder" }));
  const [, lines = ""] = blocks("sh");
  const said: string[] = [];
  for (const line of lines.trim().split("\n")) {
    const [program, ...words] = line.split(" ");
    assert.equal(program, "fermata", line);
    const { code, stdout, stderr } = await place.run(...words);
    assert.equal(code, 0, `${line}\n${stdout}${stderr}`);
    said.push(stdout);
  }
  assert.match(said.join("\n"), /calculator\.py/);
});

test("the guide names every agent that is tried for real, and no other command than there is", async () => {
  for (const { program } of REAL_AGENTS) assert.ok(GUIDE.includes(`\`${program}\``), program);
  const help = (await place.run("--help")).stdout;
  const commands = [...GUIDE.matchAll(/fermata\s+([a-z]+)/g)].map(([, command = ""]) => command);
  assert.ok(commands.length > 8);
  for (const command of new Set(commands))
    assert.match(help, new RegExp(`^ {2}${command}\\b`, "m"));
});

test("what the guide says that Fermata says, it says", () => {
  const quoted = [...GUIDE.matchAll(/^\| `([^`]+)` \|/gm)].map(([, words = ""]) => words);
  assert.ok(quoted.length >= 5);
  const sources = readSourceFiles(join(ROOT, "src"));
  for (const words of quoted)
    assert.ok(
      sources.some(({ text }) => text.includes(words)),
      words,
    );
});

test("the README leads to the guide", () => {
  assert.match(readFileSync(join(ROOT, "README.md"), "utf8"), /docs\/quick-start\.md/);
});
