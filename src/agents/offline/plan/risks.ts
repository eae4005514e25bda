/**
 * The risks that a kind of change usually carries, and what is done about each.
 * Owns the list and its triggers; knows no particular project.
 */

export interface Risk {
  readonly name: string;
  /** Words in the task, a requirement or a cited line that bring this risk up. */
  readonly sign: RegExp;
  readonly risk: string;
  readonly mitigation: string;
}

/** Ordered by how much harm they do when forgotten. */
export const RISKS: readonly Risk[] = [
  {
    name: "Access",
    sign: /\b(?:auth\w*|login|permission|role|session|token|password|credential|oauth|jwt)\b/i,
    risk: "People lose access, or gain access that they should not have.",
    mitigation:
      "Test both the allowed and the refused case for each role; keep the old check in place until the new one has run beside it.",
  },
  {
    name: "Data",
    sign: /\b(?:database|migrat\w+|schema|sql|table|postgres|mysql|mongo\w*|delete|drop|backfill)\b/i,
    risk: "Stored data is changed in a way that cannot be taken back.",
    mitigation:
      "Make the change in two releases (add, then remove), try it on a copy first, and write the way back before the way forward. Only the release's own account has the permission to alter the schema.",
  },
  {
    name: "Callers",
    sign: /\b(?:api|endpoint|route|client|sdk|response|header|status|public|contract|webhook|consumer)s?\b/i,
    risk: "Existing callers meet answers that they do not expect.",
    mitigation:
      "Keep today's answers for callers within bounds unchanged, announce the new ones in the documentation, and pin both with contract tests.",
  },
  {
    name: "Counting under load",
    sign: /\b(?:rate|limit\w*|quota|throttl\w*|counter|budget|concurren\w*|parallel|queue|worker|race|lock)\b/i,
    risk: "Two requests at the same moment are counted or handled as one, or a second process keeps its own count.",
    mitigation:
      "Decide where the shared state lives, change it in one atomic operation, and test with parallel requests.",
  },
  {
    name: "Abuse",
    sign: /\b(?:public|anonymous|key|header|address|ip|upload|input|form|user)s?\b/i,
    risk: "A caller chooses the value that the check trusts (a forged header, an oversized input).",
    mitigation:
      "Take identity only from what the server has verified; bound and validate every input; test a forged one.",
  },
  {
    name: "Failure of a part",
    sign: /\b(?:redis|cache|store|storage|service|network|http|queue|broker|s3|third.party|external|upstream|timeout)\b/i,
    risk: "A part that this change depends on is slow or away.",
    mitigation:
      "Decide whether the product then lets through or refuses, set a time-out, and test with the part switched off.",
  },
  {
    name: "Settings",
    sign: /\b(?:config\w*|setting|environment|env|default|flag|option)s?\b/i,
    risk: "A missing or wrong setting changes behaviour in one environment only.",
    mitigation:
      "Give every new setting a safe default, check it at start, and name it in the documentation.",
  },
  {
    name: "Speed",
    sign: /\b(?:latency|performance|slow|fast|throughput|cache|every request|middleware|hot path|scale|load)\b/i,
    risk: "Work that is added to every request makes all of them slower.",
    mitigation:
      "Measure before and after on the same machine, and set the bound that the change must keep.",
  },
  {
    name: "Secrets",
    sign: /\b(?:secret|api key|keys?|token|password|credential|certificate)\b/i,
    risk: "A secret reaches a log, an error message or the repository.",
    mitigation:
      "Log an identifier or a hash in its place, and search the diff for secrets before it is merged.",
  },
];

/** A risk that every change has; named last in each plan. */
export const SURPRISE: Risk = {
  name: "Surprise after release",
  sign: /./,
  risk: "Something shows only in use.",
  mitigation:
    "Release behind a switch or to a small share first, watch errors and latency, and take it back by reverting one commit or flipping the switch.",
};
