/** The words of the help: what this is, how to begin, what the ending numbers mean. */
import { QUERY_FIELDS } from "../../run/history/query.ts";
import { EXIT_MEANINGS } from "./exitCode.ts";

/** Shown when nothing was asked for. `program` is how this is called here. */
export function welcome(program: string): string {
  return `Fermata runs workflows of agents, tools and questions, keeps every step, and waits where you decide.

  ${program} list                       what can run here
  ${program} run NAME                   run one; it asks for what it needs
  ${program} runs                       what ran, what runs, what waits for you
  ${program} show last                  the latest run, step by step

  ${program} --help                     every command
  ${program} help run                   one command, with examples`;
}

/** Below the list of commands. */
export function helpFooter(program: string): string {
  const codes = EXIT_MEANINGS.map(
    ([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`,
  ).join("\n");
  return `
RUN is a run's id, the beginning or end of one, or "last".

Examples:
  ${program} run interactive-planning --input task_description="Add rate limiting"
  ${program} run release.workflow.yaml --inputs inputs.json --answers answers.yaml --json
  ${program} answer last request-approval --approve --shown 1f3c9a...
  ${program} resume last

Ends with:
${codes}`;
}

/** Below the help of one command. */
export const EXAMPLES: Readonly<Record<string, (program: string) => string>> = {
  run: (program) => `
Examples:
  ${program} run interactive-planning --input task_description="Add rate limiting to the public API"
  ${program} run ./release.workflow.yaml --input notes=@NOTES.md
  ${program} run interactive-planning --inputs inputs.json --answers answers.yaml

An answers file maps step ids or task paths to answers:
  gather-requirements: Keep it simple
  request-approval: { approved: true }
  settings: { environment: staging, replicas: 3 }

With --json every event is a line as it becomes durable; the last line is the result.`,
  runs: (program) => `
Fields of --query, beside plain words and "phrases" (a - before one turns it round):
${QUERY_FIELDS.map(([field, meaning]) => `  ${field.padEnd(14)} ${meaning}`).join("\n")}

Examples:
  ${program} runs --query "status:failed since:7d"
  ${program} runs --query "agent:@task -status:done rate limit" --limit 20`,
  stats: (program) => `
Times are P50, P95 and P99: what half, 95 and 99 of a hundred did not exceed.

Examples:
  ${program} stats --since 7d
  ${program} stats --query "workflow:release -status:cancelled" --json`,
  health: (program) => `
Ends with 1 only when something is broken. For what is missing in the set-up: ${program} doctor

Example:
  ${program} health --json`,
  list: (program) => `
Examples:
  ${program} list
  ${program} list --workspace ../api --json`,
  validate: (program) => `
Examples:
  ${program} validate release.workflow.yaml
  ${program} validate workflows/*.yaml --fix`,
  migrate: (program) => `
Examples:
  ${program} migrate plan.yaml
  ${program} migrate plan.yaml --write`,
  show: (program) => `
Examples:
  ${program} show last
  ${program} show run_7k2m --follow
  ${program} show last --json`,
  output: (program) => `
Examples:
  ${program} output last create-plan
  ${program} output last 'research-phase[2]/search-web'`,
  export: (program) => `
Examples:
  ${program} export last --to run.json
  ${program} export last --json | jq .status

Of a run whose journal is damaged it gives what stands before the damage.`,
  signal: (program) => `
Examples:
  ${program} signal last deployed
  ${program} signal last deployed '{"version": "1.4.0"}'`,
  pause: (program) => `
Example:
  ${program} pause last`,
  resume: (program) => `
Examples:
  ${program} resume last
  ${program} resume last --answers answers.yaml
  ${program} resume run_7k2m --take-over`,
  retry: (program) => `
Examples:
  ${program} retry last
  ${program} retry last 'research-phase[2]/search-web'`,
  guide: (program) => `
Example:
  ${program} guide last 'research-phase[2]/search-web' "Look at the release notes, too."`,
  stop: (program) => `
Example:
  ${program} stop last 'research-phase[2]/search-web'`,
  cancel: (program) => `
Example:
  ${program} cancel last`,
  kill: (program) => `
Example:
  ${program} kill last

What was started is ended at once, and nothing is undone. To let it be undone: ${program} cancel RUN`,
  restore: (program) => `
Examples:
  ${program} restore run_7k2m4c1d9x0a.fermata.gz
  ${program} restore ../release-run.fermata.gz --workspace ../api

It keeps its id, and goes on only when you say so: ${program} resume RUN`,
  where: (program) => `
Examples:
  ${program} where
  cd "$(${program} where)"
  tail -f "$(${program} where --log)"`,
  doctor: (program) => `
Examples:
  ${program} doctor
  ${program} doctor --json`,
  archive: (program) => `
Examples:
  ${program} archive last
  ${program} archive last ../release-run.fermata.gz
  ${program} restore ../release-run.fermata.gz

A restored run keeps its id and never goes on by itself.`,
  prune: (program) => `
Without an option it goes by the limits in the settings ("retention"). A run that is not over always stays.

Examples:
  ${program} prune --max-age 90d --dry-run
  ${program} prune --max-runs 500 --max-size 2GB`,
  escalations: (program) => `
Examples:
  ${program} escalations
  ${program} escalations --json`,
  claim: (program) => `
Examples:
  ${program} claim last implement
  ${program} claim last implement --release`,
  answer: (program) => `
Examples:
  ${program} answer last gather-requirements "Keep it simple"
  ${program} answer last deploy yes
  ${program} answer last settings environment=staging replicas=3 notes=@NOTES.md
  ${program} answer last request-approval --approve --shown 1f3c9a5b7d2e4f60
  ${program} answer last request-approval --comment "12: say how it is undone" --comment "30: too much at once"
  ${program} answer last request-approval --reject "Not this year"

Approving names the text that you saw: its hash stands beside the plan in "${program} show RUN".`,
  mcp: (program) => `
For an agent's own settings; docs/mcp.md has them for the common ones:
  { "mcpServers": { "fermata": { "command": "fermata", "args": ["mcp", "--workspace", "DIR"] } } }

It starts nothing in a folder that nobody trusted: ${program} mcp --trust trusts it for as long as it serves.
Agents answer what runs ask only where you allow it ("agentAnswers" in your own settings).`,
  fork: (program) => `
Examples:
  ${program} fork last --from create-plan
  ${program} fork last --from 'research-phase[2]/search-web' --set query="another one"

The new run keeps everything that came before the task began, and does the rest again. Attempts that were open by then
are looked into as after a crash.`,
  set: (program) => `
Examples:
  ${program} set last approved=true
  ${program} set last requirements='"1.0"' plan=@PLAN.md 'tasks=["one", "two"]'
  ${program} set last findings=null --at 'research-phase[2]'

A value is JSON where it reads as JSON, text otherwise; quoted JSON is text: '"3"'.`,
  gate: (program) => `
Examples:
  ${program} gate last build
  ${program} gate release.workflow.yaml quality
  ${program} gate release.workflow.yaml build --output build.json`,
  help: (program) => `
Example:
  ${program} help run`,
  eval: (program) => `
Example:
  ${program} eval '{{ items | length }}' --context context.json`,
};
