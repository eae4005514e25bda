/** Questions about properties in plain words, answered by rules; one that no rule knows is for a person. */
import type { OperationOutcome } from "../../../src/workerKit/createWorker.ts";
import { asJson } from "../lib/folder.ts";
import type { Property } from "../lib/records.ts";

interface Intent {
  readonly name: string;
  readonly asks: RegExp;
  readonly answer: (found: RegExpExecArray, records: readonly Property[]) => string | undefined;
}

const INTENTS: readonly Intent[] = [
  {
    name: "owner",
    asks: /\bwho owns\b.*?(\d{2}-\d{4}-\d{5})|\bowner of\b.*?(\d{2}-\d{4}-\d{5})/i,
    answer: (found, records) => {
      const parcel = found[1] ?? found[2];
      const record = records.find(({ parcel_id }) => parcel_id === parcel);
      return record && `${record.owner} owns ${parcel}, ${record.address}, ${record.city}.`;
    },
  },
  {
    name: "average_value",
    asks: /\b(?:average|mean)\b.*\bvalue\b/i,
    answer: (_, records) => {
      const sum = records.reduce((total, { just_value }) => total + just_value, 0);
      return `On average ${Math.round(sum / records.length)} dollars, over ${records.length} properties.`;
    },
  },
  {
    name: "count",
    asks: /\bhow many\b/i,
    answer: (_, records) => `There are ${records.length} properties.`,
  },
];

/** Answers over the records of a county or city that the question names, else over all. */
export function answerQuery(query: string, records: readonly Property[]): OperationOutcome {
  const county = /\bcounty (\d{2})\b/i.exec(query)?.[1];
  const city = records.find(
    (record) => record.city !== "" && query.toLowerCase().includes(record.city.toLowerCase()),
  )?.city;
  const meant = records.filter(
    (record) =>
      (county === undefined || record.county === county) &&
      (city === undefined || record.city === city),
  );
  for (const { name, asks, answer } of INTENTS) {
    const found = asks.exec(query);
    if (found && records.length === 0) throw new Error("no properties are stored yet");
    const said = found && meant.length > 0 ? answer(found, meant) : undefined;
    if (said === undefined) continue;
    return {
      result: asJson({ answer: said, intent: name, records: meant.length }),
      confidence: 0.95,
    };
  }
  const answer = "No rule answers this question.";
  return {
    result: { answer, intent: null, records: meant.length },
    confidence: 0.3,
    requires_human: true,
  };
}
