/**
 * What the table of adapters makes of the pages that people read: the settings schema of the editor, its texts, and the
 * tables of docs/settings.md. Owns their form.
 */
import type { Adapter, Setting, SettingForm } from "../../src/agents/adapter.ts";
import { ADAPTERS } from "../../src/agents/adapters.ts";
import { AGENT_SETTINGS, COMMON_SETTINGS } from "../../src/agents/agentSettings.ts";
import type { JsonObject } from "../../src/util/json.ts";

const TEXTS = "setting.agents.";

/** The properties of one agent in the editor's settings. */
export function editorSchema(): JsonObject {
  return Object.fromEntries(
    Object.entries(AGENT_SETTINGS)
      .sort(byPlace)
      .map(([key, setting]) => [
        key,
        { ...schemaOf(setting), markdownDescription: `%${TEXTS}${camel(key)}%` },
      ]),
  );
}

/** The manifest's texts with those of the agents' settings in their place. */
export function editorTexts(
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const ours = Object.entries(AGENT_SETTINGS)
    .sort(byPlace)
    .map(([key]) => [`${TEXTS}${camel(key)}`, describe(key)]);
  const others = Object.entries(texts).filter(([key]) => !key.startsWith(TEXTS));
  return Object.fromEntries(
    others.flatMap((entry) => (entry[0] === "setting.agents" ? [entry, ...ours] : [entry])),
  );
}

/** The page of settings with its tables as the adapters say them. */
export function settingsPage(page: string): string {
  return [
    ["adapters", adapterTable()],
    ["agent settings", settingTable()],
  ].reduce((text, [name = "", table = ""]) => {
    const start = `<!-- ${name}: written by npm run accept -->\n`;
    const from = text.indexOf(start);
    const end = text.indexOf("<!-- end -->", from);
    if (from < 0 || end < 0) throw new Error(`docs/settings.md has no place for "${name}"`);
    return text.slice(0, from + start.length) + table + text.slice(end);
  }, page);
}

function adapterTable(): string {
  const rows = [...ADAPTERS]
    .sort((a, b) => (a.kind < b.kind ? -1 : 1))
    .map(({ kind, describes, settings, does }) => {
      const own = Object.keys(settings).map((key) => `\`${key}\``);
      return `| \`${kind}\` | ${describes} | ${own.join(", ")} | ${does ?? ""} |\n`;
    });
  return `| adapter | what answers | its own settings | what it would do, and needs a trusted folder for |\n| --- | --- | --- | --- |\n${rows.join("")}`;
}

function settingTable(): string {
  const rows = Object.entries(AGENT_SETTINGS)
    .sort(byPlace)
    .map(([key, setting]) => `| \`${key}\` | ${formText(setting)} | ${describe(key)} |\n`);
  return `| key | form | meaning |\n| --- | --- | --- |\n${rows.join("")}`;
}

/** The common ones first, in their own order; then the others by name. */
function byPlace([a]: [string, Setting], [b]: [string, Setting]): number {
  const common = Object.keys(COMMON_SETTINGS);
  const place = (key: string) => (common.includes(key) ? common.indexOf(key) : common.length);
  return place(a) - place(b) || (a < b ? -1 : 1);
}

/** What each adapter says of a key; adapters that say the same are named together. */
function describe(key: string): string {
  const common = COMMON_SETTINGS[key];
  if (common !== undefined) return common.describes;
  const readers = new Map<string, Adapter[]>();
  for (const adapter of ADAPTERS) {
    const text = adapter.settings[key]?.describes;
    if (text !== undefined) readers.set(text, [...(readers.get(text) ?? []), adapter]);
  }
  return [...readers]
    .map(([text, adapters]) => {
      const kinds = adapters.map(({ kind }) => `\`${kind}\``).join(", ");
      return `For ${kinds}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
    })
    .join(" ");
}

function schemaOf(setting: SettingForm): JsonObject {
  switch (setting.form) {
    case "text":
      return {
        type: "string",
        ...(setting.choices === undefined ? {} : { enum: [...setting.choices] }),
      };
    case "words":
      return { type: "array", items: { type: "string" } };
    case "number":
      return {
        type: setting.whole ? "integer" : "number",
        ...(setting.least === undefined ? {} : { minimum: setting.least }),
        ...(setting.most === undefined ? {} : { maximum: setting.most }),
      };
    case "duration":
      return { type: ["number", "string"] };
    case "flag":
      return { type: "boolean" };
    case "texts":
      return { type: "object", additionalProperties: { type: "string" } };
  }
}

function formText(setting: SettingForm): string {
  switch (setting.form) {
    case "text":
      return setting.choices === undefined
        ? "text"
        : setting.choices.map((choice) => `\`${choice}\``).join(", ");
    case "words":
      return `list, or a text cut at each ${setting.separator}`;
    case "number": {
      const { least, most } = setting;
      const range = [
        ...(least === undefined ? [] : [`from ${least}`]),
        ...(most === undefined ? [] : [`to ${most}`]),
      ];
      return [setting.whole ? "whole number" : "number", ...range].join(" ");
    }
    case "duration":
      return "seconds, or a text such as `5m`";
    case "flag":
      return "true or false";
    case "texts":
      return "object of texts";
  }
}

function camel(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
