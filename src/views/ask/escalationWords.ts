/** What a person may do with an escalation, in words, and how each is said on a command line. */
import type { EscalationChoice, EscalationForm } from "../../run/ask/escalation.ts";

interface Words {
  readonly label: string;
  readonly hint: string;
  /** In a sentence that lists what may be said. */
  readonly expected: string;
}

export const ESCALATION: Readonly<Record<EscalationChoice, Words>> = {
  approve: { label: "Approve", hint: "take the result as it is", expected: "approve the result" },
  edit: { label: "Edit", hint: "put the result right yourself", expected: "edit it" },
  retry: {
    label: "Retry",
    hint: "another iteration, with your guidance",
    expected: "have it tried again with guidance",
  },
  reroute: {
    label: "Reroute",
    hint: "give it to another agent",
    expected: "reroute it to another agent",
  },
  fail: { label: "Fail", hint: "count it as failed", expected: "let it fail with a reason" },
};

/** The words after `fermata answer RUN BREAKPOINT` that say it. */
export function escalationWords(
  choice: EscalationChoice,
  { agents }: EscalationForm,
  hash: string,
): readonly string[] {
  switch (choice) {
    case "approve":
      return ["--approve", "--shown", hash];
    case "edit":
      return ["--edit", "FILE"];
    case "retry":
      return ["--retry", "WHAT TO DO DIFFERENTLY"];
    case "reroute":
      return ["--reroute", agents[0] ?? "@AGENT"];
    case "fail":
      return ["--reject", "REASON"];
  }
}
