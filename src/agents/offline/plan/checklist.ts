/**
 * The points a plan is reviewed for that can be told from its words: what must be spoken of, and when.
 * Owns the list, its triggers and the advice. Reads no file.
 */

export type Area =
  | "Technical correctness"
  | "Security considerations"
  | "Best practices"
  | "Completeness";

export interface Point {
  readonly name: string;
  readonly area: Area;
  readonly severity: "must" | "should";
  /** The plan must speak of this point only when it says one of these words. Absent: always. */
  readonly when?: RegExp;
  /** Words of a line that speaks of the point. */
  readonly speaks: RegExp;
  readonly advice: string;
}

export const POINTS: readonly Point[] = [
  {
    name: "Access control",
    area: "Security considerations",
    severity: "must",
    when: /\b(?:api|endpoint|route|request|upload|admin|webhook)s?\b/i,
    speaks:
      /\b(?:authenti\w+|authori[sz]\w+|permissions?|access control|who may|unauthenticated|anonymous)\b/i,
    advice: "Say who may call it, and what an unauthenticated or unauthorised caller gets.",
  },
  {
    name: "Trusted identity",
    area: "Security considerations",
    severity: "must",
    when: /\b(?:rate|limit\w*|quota|throttl\w*|per (?:user|key|client|tenant))\b/i,
    speaks: /\b(?:forged?|spoof\w*|verified|x-forwarded-for|identity|trusts?|trusted)\b/i,
    advice:
      "Say which identity is counted, and that a caller cannot choose it (a forged header, many keys).",
  },
  {
    name: "Input validation",
    area: "Security considerations",
    severity: "should",
    when: /\b(?:input|parameter|body|payload|form|upload|header|query|field)s?\b/i,
    speaks: /\b(?:validat\w+|sanitiz\w+|bound(?:ed|s)?|reject\w*|escap\w+|malformed|oversized)\b/i,
    advice: "Say which inputs are bounded and validated, and what a malformed one gets.",
  },
  {
    name: "Secrets",
    area: "Security considerations",
    severity: "should",
    when: /\b(?:keys?|token|secret|password|credential)s?\b/i,
    speaks:
      /\b(?:secrets?|redact\w*|hash(?:ed)?|vault|never logged|not (?:be )?logged|log an identifier)\b/i,
    advice: "Say how keys and tokens stay out of logs, errors and the repository.",
  },
  {
    name: "Injection",
    area: "Security considerations",
    severity: "should",
    when: /\b(?:sql|shell|command line|exec|template|html)\b/i,
    speaks: /\b(?:inject\w*|escap\w+|parameteri[sz]ed|quoted?|prepared)\b/i,
    advice: "Say how text from outside is kept from being run as code.",
  },
  {
    name: "Security at all",
    area: "Security considerations",
    severity: "must",
    speaks:
      /\b(?:secur\w+|authenti\w+|authori[sz]\w+|permissions?|secret|attack\w*|abuse|forged?|vulnerab\w+|sanitiz\w+|privacy)\b/i,
    advice:
      "Add what an attacker could do with this change and what stops it, or one line on why nothing can happen.",
  },
  {
    name: "Tests",
    area: "Best practices",
    severity: "must",
    speaks: /\b(?:tests?|tested|testing|spec|coverage)\b/i,
    advice: "Name the test that fails without the change, and the command that runs it.",
  },
  {
    name: "Way back",
    area: "Best practices",
    severity: "must",
    speaks:
      /\b(?:roll(?:ed|s)?[ -]?back|rollback|revert\w*|undo|way back|take(?:s|n)? it back|taking the change back|feature flag|switch)\b/i,
    advice: "Say how the change is taken back after release, and by whom.",
  },
  {
    name: "Error handling",
    area: "Best practices",
    severity: "must",
    speaks:
      /\b(?:errors?|fail(?:s|ed|ure|ures)?|exception|time-?outs?|unavailable|retry|retries|refuses?)\b/i,
    advice: "Say what a caller sees when a step of it fails, and what state is left behind.",
  },
  {
    name: "Observability",
    area: "Best practices",
    severity: "should",
    speaks:
      /\b(?:log(?:s|ged|ging)?|metrics?|monitor\w*|alerts?|dashboards?|trac(?:e|es|ing)|watch)\b/i,
    advice:
      "Name the metric or log line that shows that the change works, and the one that shows that it does not.",
  },
  {
    name: "Documentation",
    area: "Best practices",
    severity: "should",
    speaks: /\b(?:document\w*|readme|docs?|changelog|guide)\b/i,
    advice: "Say which document a user of the change will read, and add it to the steps.",
  },
  {
    name: "Existing users",
    area: "Best practices",
    severity: "should",
    when: /\b(?:api|client|caller|consumer|schema|format|interface|sdk|public)s?\b/i,
    speaks:
      /\b(?:backwards?|compatib\w+|existing (?:users|clients|callers)|deprecat\w+|breaking|version\w*|callers? within bounds|today's answers)\b/i,
    advice:
      "Say what happens to those who use today's behaviour, and how they learn of the change.",
  },
  {
    name: "Order and size of work",
    area: "Completeness",
    severity: "should",
    speaks:
      /\b(?:\d+(?:\.\d+)?\s*(?:hours?|days?|weeks?|min(?:utes)?)|estimate\w*|effort|deadline|timeline|milestone)\b/i,
    advice: "Add an estimate for each step, so that a slip is noticed.",
  },
  {
    name: "Responsibility",
    area: "Completeness",
    severity: "should",
    speaks: /\b(?:owner|owned by|responsible|assigned|team|maintainer|reviewer)\b/i,
    advice: "Name who does each step, or who answers for the whole.",
  },
];

/** Sections that a plan is expected to have: a name, how its heading is recognised, what to add. */
export const SECTIONS: readonly {
  readonly name: string;
  readonly heading: RegExp;
  readonly advice: string;
}[] = [
  {
    name: "Overview",
    heading: /\b(?:overview|summary|goal|introduction|context|objective)\b/i,
    advice: "Open with what changes for whom, and what the repository has today.",
  },
  {
    name: "Steps",
    heading: /\b(?:steps?|approach|implementation|tasks|phases)\b/i,
    advice: "List the steps in order; each names the file it touches and when it is done.",
  },
  {
    name: "Risks",
    heading: /\b(?:risks?|mitigation)\b/i,
    advice: "List what can go wrong, and what is done about each.",
  },
  {
    name: "Success criteria",
    heading: /\b(?:success|acceptance|criteria|definition of done)\b/i,
    advice: "List what must hold at the end, each with the command or observation that shows it.",
  },
];
