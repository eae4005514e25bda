/** "Time, pause, cancel, retry" of the design, and what the language says of limits and secrets. */
import type { Sentence } from "./sentence.ts";

export const TIME: readonly Sentence[] = [
  [
    "timeout is an absolute deadline of an attempt",
    "timeout",
    "an attempt that takes too long is stopped and tried again",
  ],
  [
    "total_timeout is one of a task",
    "totalTimeout",
    "total_timeout covers all attempts and the waits between them",
  ],
  ["limits.timeout is one of a run", "runTimeout", "limits.timeout ends the run, names itself"],
  [
    "they stop while the task waits for a person",
    "totalTimeout",
    "the clock stands while the task waits for a person",
  ],
  [
    "so does the run's",
    "runTimeout",
    "time in which the run only waits for a person does not count",
  ],
  ["they stop while the run is paused", "timeout", "deadlines stand still while the run is paused"],
  [
    "they stop while nobody owns it",
    "totalTimeout",
    "it stands while the run is paused and while nobody owns it",
  ],
  [
    "the event that ends such a stop carries the shift",
    "runTimeout",
    "nor does a pause, or time in which nobody owned it",
  ],
  [
    "a prompt's own timeout and a wait always run",
    "totalTimeout",
    "a prompt's own timeout and a wait always run",
  ],
  ["of idle_timeout only the failure is an event", "timeout", "idle_timeout goes to the performer"],
  [
    "pause starts nothing new; running attempts finish and are recorded",
    "timeout",
    "an outcome that comes during a pause is recorded, and nothing new begins",
  ],
  [
    "a pause keeps what is queued from beginning",
    "queued",
    "nothing that is queued begins during a pause",
  ],
  [
    "cancel stops running attempts",
    "course",
    "cancel stops what runs, and ends once it has let go",
  ],
  [
    "then on_cancel of finished and unknown tasks",
    "cancel",
    "attempts are stopped first, and those of which nobody knows are undone too",
  ],
  [
    "in reverse order, each with its recorded inputs and the current state, one at a time",
    "cancel",
    "cancel undoes what was finished, the latest first",
  ],
  [
    "a failing one is recorded and the next runs",
    "cancel",
    "one that fails is recorded and the next runs",
  ],
  ["they may not prompt", "cancel", "they ask nobody"],
  ["a second cancel skips the rest", "cancel", "a second cancel skips the rest"],
  ["kill skips the rest", "cancel", "kill undoes nothing"],
  ["failure compensates only with on_failure: compensate", "cancel", "a failure undoes nothing"],
  [
    "failure compensates with on_failure: compensate",
    "cancel",
    "except with on_failure compensate",
  ],
  [
    "retrying continues with the current state and renders anew",
    "retryByHand",
    "a person's retry renders the inputs anew, with the current state",
  ],
  [
    "an automatic retry reuses the recorded inputs",
    "retry",
    "an automatic retry reuses the recorded inputs",
  ],
  ["retry: backoff fixed", "retry", "fixed"],
  ["retry: backoff linear", "retry", "linear"],
  [
    "retry: backoff exponential, max_delay",
    "retry",
    "exponential, unless said otherwise, up to max_delay",
  ],
  ["retry: jitter", "retry", "jitter is drawn once"],
  ["retry: retry_on", "retry", "only what retry_on names"],
  ["retry: non_retryable", "retry", "never what non_retryable names"],
  ["on_error: fail", "onError", "fail is what happens without a word"],
  ["on_error: continue", "onError", "continue gives the error as the result"],
  ["on_error: a list of steps", "onError", "steps replace the result by that of the last one"],
  ["limits.max_steps", "limits", "max_steps counts every task that begins"],
  [
    "limits.max_calls, whatever the reason",
    "limits",
    "max_calls holds whatever the reason of an attempt",
  ],
  ["limits.max_state_bytes", "limits", "max_state_bytes is what the state takes as JSON"],
  [
    "enforced budgets are checked before each attempt",
    "limits",
    "tokens are looked at before each attempt of an agent",
  ],
  ["budget_mode: audit", "limits", "audit only records it, once"],
  [
    "a sub-workflow gets the smaller of its own and what is left",
    "limits",
    "and gets no more than what is left of the run's",
  ],
  [
    "success_criteria say which hold",
    "criteria",
    "success criteria are looked at once, at the end",
  ],
  ["secret() is a reference", "secrets", "a secret stays a name in the journal"],
];
