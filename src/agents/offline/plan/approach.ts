/**
 * What is known of the common kinds of work: what to ask, what to decide, and what each part of the code needs.
 * Owns the knowledge; knows no particular project. It is a checklist, not a judgement.
 */
import type { Sign } from "../survey/signs.ts";

/** Something that a person must decide, unless a requirement or a found line settles it. */
export interface Decision {
  readonly text: string;
  /** Words of a requirement that settle it. */
  readonly settled: RegExp;
}

/** A part of the code that the work touches beside its core. */
export interface Part {
  readonly sign: Sign;
  readonly title: string;
  readonly work: string;
}

export interface Approach {
  readonly task: RegExp;
  /** Where the core of the change stands: the first of these signs that the code bears. */
  readonly ground: readonly Sign[];
  /** `{object}` and `{place}` stand for the task's own words. */
  readonly questions: readonly string[];
  readonly decisions: readonly Decision[];
  readonly core: string;
  readonly parts: readonly Part[];
  /** What shows that it works, beside the requirements. */
  readonly proof: string;
}

export const APPROACHES: readonly Approach[] = [
  {
    task: /\b(?:rate[- ]?limit\w*|throttl\w*|quotas?)\b/i,
    ground: ["api"],
    questions: [
      "Which rate limits exist today?",
      "Where does {place} handle requests?",
      "How are callers of {place} identified?",
      "How are errors of {place} reported?",
      "How is {place} tested?",
      "Which settings does {place} use?",
      "How many instances are deployed, and what do they share?",
    ],
    decisions: [
      {
        text: "How many requests in which time, and for which calls?",
        settled: /\d+\s*(?:requests?|calls?|\/|per|a|an)\b|\bper (?:second|minute|hour)\b/i,
      },
      {
        text: "Counted per what: user, key, token or address? It must be an identity that the server has verified, not one that the caller can forge.",
        settled: /\bper (?:user|key|token|client|tenant|ip|address|owner|caller)\b/i,
      },
      {
        text: "Where do counts live when more than one process answers, and what happens when that store is away?",
        settled: /\b(?:redis|in memory|in-memory|shared store|single (?:process|instance))\b/i,
      },
    ],
    core: "Count the request and refuse it before any work is done for it, right after the caller is known. Say what an unauthenticated caller gets.",
    parts: [
      {
        sign: "auth",
        title: "Count by the verified caller",
        work: "Take the counted identity from here, after it was verified.",
      },
      {
        sign: "errors",
        title: "Add the refusal to the errors",
        work: "Add status 429 with `Retry-After` in the same shape as the others.",
      },
      {
        sign: "settings",
        title: "Make the limit a setting",
        work: "Add limit and time window with safe defaults, checked at start.",
      },
    ],
    proof:
      "The request after the last allowed one is refused, and allowed again when the time is over; parallel requests are all counted.",
  },
  {
    task: /\b(?:cach(?:e|es|ed|ing)|memoi\w+)\b/i,
    ground: ["data", "api"],
    questions: [
      "What is cached today?",
      "Where are queries run today?",
      "Who calls the code that runs queries?",
      "How is the code that runs queries tested?",
      "Which settings does the database use?",
      "How is the time of queries logged?",
      "How many instances are deployed, and what do they share?",
    ],
    decisions: [
      {
        text: "Which queries are slow, and how slow? Measure them first; a cache in the wrong place only adds errors.",
        settled: /\b\d+\s*(?:ms|milliseconds|seconds?)\b|\bmeasured\b/i,
      },
      {
        text: "How old may an answer be, and which writes must empty it at once?",
        settled: /\b(?:ttl|stale|seconds|minutes|fresh|invalidat\w+)\b/i,
      },
      {
        text: "Where does the cache live when more than one process runs, and how large may it become?",
        settled: /\b(?:redis|memcached|in memory|in-memory|per process)\b/i,
      },
    ],
    core: "Keep each result by everything that it depends on, also the caller's permissions, so that nobody is given another's rows; bound age and size.",
    parts: [
      {
        sign: "cache",
        title: "Use what is cached already",
        work: "Follow this way of caching, or say why another is needed.",
      },
      {
        sign: "settings",
        title: "Make age and size settings",
        work: "Add both with safe defaults, and a switch that turns the cache off.",
      },
    ],
    proof:
      "The second same query does not reach the database; after a write the next one does; measured before and after on the same data.",
  },
  {
    task: /\b(?:oauth2?|sso|openid|login|log in|sign-?in|auth\w*)\b/i,
    ground: ["auth", "api"],
    questions: [
      "How do users log in today?",
      "How are callers of the API identified?",
      "Where are sessions and tokens kept?",
      "Where does the API handle requests?",
      "Which settings does login use?",
      "How is login tested?",
      "How are errors of login reported?",
    ],
    decisions: [
      {
        text: "Which providers, and does the old way of signing in stay?",
        settled: /\b(?:google|github|gitlab|microsoft|azure|okta|auth0|keycloak|apple|facebook)\b/i,
      },
      {
        text: "How is a provider's account tied to an account that exists (a verified address, a person's own act)?",
        settled: /\b(?:link\w*|same (?:e-?mail|address)|existing (?:accounts?|users?))\b/i,
      },
      {
        text: "Where do client secret and tokens live, and how long does a session last?",
        settled: /\b(?:vault|secret store|session (?:lasts|length)|expires?|expiry)\b/i,
      },
    ],
    core: "Add the authorization-code flow with PKCE beside what is there: check `state`, the exact redirect address, issuer and audience, before an account is looked up.",
    parts: [
      {
        sign: "api",
        title: "Add the routes of the login",
        work: "Add one route that starts the login and one for the provider's answer; both open to unauthenticated callers, both validated.",
      },
      {
        sign: "settings",
        title: "Make provider and client settings",
        work: "Add client id, redirect address and the name of the secret; the secret itself is never logged nor committed.",
      },
      {
        sign: "errors",
        title: "Add the refusals to the errors",
        work: "Add denied, expired and forged logins; none tells which account exists.",
      },
    ],
    proof:
      "A login against a test provider works; a wrong `state`, a replayed code and a foreign redirect are refused.",
  },
  {
    task: /\b(?:logging|logs?|logged|tracing|telemetry)\b/i,
    ground: ["logging"],
    questions: [
      "Where is logging done today?",
      "Which settings does logging use?",
      "How is logging tested?",
      "Which log lines hold tokens, passwords or personal data?",
      "Which tools or documents read the logs?",
      "How are errors logged?",
      "Which conventions do contributors follow?",
    ],
    decisions: [
      {
        text: "Which format (JSON lines, say), which fields has every entry, and where is it written?",
        settled: /\b(?:json|logfmt|ecs|otel|opentelemetry)\b/i,
      },
      {
        text: "Who reads today's lines (scripts, alerts, people), and how long must they stay as they are?",
        settled: /\b(?:nobody reads|compatib\w+|keep (?:the )?(?:old|text))\b/i,
      },
      {
        text: "Which values must never be logged (tokens, passwords, bodies)?",
        settled: /\b(?:redact\w*|never log\w*|gdpr|personal data|secrets?)\b/i,
      },
    ],
    core: "Send these calls through one logger that takes a name and fields in place of joined text; keep the level, redact secrets in that one place.",
    parts: [
      {
        sign: "settings",
        title: "Make level and format settings",
        work: "Add both with today's behaviour as the default.",
      },
      {
        sign: "errors",
        title: "Log errors with their fields",
        work: "Log code, cause and request once, where the error is answered.",
      },
    ],
    proof:
      "Every line parses, has the agreed fields, and a search for a planted secret finds nothing.",
  },
  {
    task: /\b(?:schemas?|migrat\w+|database|tables?|columns?)\b/i,
    ground: ["schema", "data"],
    questions: [
      "Where is the schema defined today?",
      "How are migrations run today?",
      "Where are queries run today?",
      "How is the schema tested?",
      "Which settings does the database use?",
      "How are backups made and restored?",
      "How many instances are deployed, and what do they share?",
    ],
    decisions: [
      {
        text: "What exactly changes (tables, columns, types), and how much data is there?",
        settled: /\b(?:add|drop|rename)\w* (?:a |the )?(?:column|table|index)\b/i,
      },
      {
        text: "May writing stop for the change, and for how long?",
        settled: /\b(?:downtime|maintenance|online|zero[- ]downtime)\b/i,
      },
      {
        text: "What is the way back once new rows are written: restore a backup, or a reverse migration?",
        settled: /\b(?:backup|restore|roll ?back|reverse)\b/i,
      },
    ],
    core: "Make it in two releases: first add, so that old and new code both run; remove only when nothing reads the old form. One transaction, a version that is checked at start.",
    parts: [
      {
        sign: "data",
        title: "Bring the queries along",
        work: "Check every query against the old and the new form.",
      },
      {
        sign: "settings",
        title: "Check the database's settings",
        work: "Name the time-out and the place of the backup; the change refuses to start without a backup.",
      },
    ],
    proof:
      "A copy of real data upgrades, the row counts and checks before and after agree, the old release still runs on it, and the way back was tried.",
  },
];

/** For work of no known kind. */
export const ANY_WORK: Approach = {
  task: /./,
  ground: [],
  questions: [
    "What exists today for {object}?",
    "Where is {place} today?",
    "How is {place} tested?",
    "Who calls {place}?",
    "Which settings does {place} use?",
    "How are errors of {place} reported?",
    "Which conventions do contributors follow?",
    "Where is {object} documented?",
  ],
  decisions: [],
  core: "Make the change here, behind the interface that callers use today.",
  parts: [],
  proof: "It is shown once by hand, and by a test that fails without the change.",
};

/** The approach that a task's words name; the one named first in the task wins. */
export function approachFor(task: string): Approach {
  const named = APPROACHES.map((approach) => ({ approach, at: task.search(approach.task) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  return named[0]?.approach ?? ANY_WORK;
}
