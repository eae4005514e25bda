/**
 * What a text is about, in signs of code, and which files do that.
 * Owns the words by which a subject is known and the weight of a file. Reads no file.
 */
import { overlap } from "../requirements.ts";
import type { FileProfile, Mark } from "./profile.ts";
import { SIGNS, type Sign } from "./signs.ts";
import type { Survey } from "./survey.ts";

export interface SubjectFile {
  readonly file: FileProfile;
  /** The sign by which it was found; undefined when only its path says so. */
  readonly sign: Sign;
  /** The lines that show it, the telling ones first. */
  readonly marks: readonly Mark[];
  readonly weight: number;
}

/** The words of a subject that a sign of code stands for. `tests` and `callers` are asked of files, not borne by lines. */
const WORDS: readonly (readonly [Sign, RegExp])[] = [
  ["limits", /\b(?:rate[- ]?limit\w*|throttl\w*|quotas?)\b/i],
  [
    "auth",
    /\b(?:oauth2?|log-?in|log in|sign-?in|signed? in|sso|auth\w*|sessions?|tokens?|passwords?|permissions?|identif(?:y|ied) callers|callers? (?:are |is )?identified)\b/i,
  ],
  ["schema", /\b(?:schemas?|migrations?|migrat\w+|tables?|columns?)\b/i],
  ["cache", /\b(?:cach(?:e|es|ed|ing)|memoi\w+)\b/i],
  ["logging", /\b(?:logg(?:ing|ed|er|ers)|logs?|traces?|tracing)\b/i],
  ["data", /\b(?:quer(?:y|ies)|sql|databases?|db|orm|repositor(?:y|ies) layer|stored data)\b/i],
  ["api", /\b(?:apis?|endpoints?|routes?|routing|rest|http|web server|requests?|handlers?)\b/i],
  ["errors", /\b(?:errors?|exceptions?|failures?)\b/i],
  ["settings", /\b(?:settings?|config\w*|environment|options?)\b/i],
];

/** Files that show or copy a thing: they are not the thing. */
const COPY =
  /(?:^|\/)(?:examples?|samples?|demos?|fixtures?|testdata|vendor|third_party|cjs|browser|testing)\/|\.d\.[cm]?ts$|_bundle\.\w+$|(?:^|\/)(?:doc|triv)\.go$|\.min\.\w+$/;
/** Files that serve the work on the project. */
const ASIDE = /(?:^|\/)(?:bench(?:marks?)?|scripts?|tools|internal|debug|pprof)\//;
const PER_FILE = 3;

/** True for a file that shows, copies or generates what another file does. */
export function isCopy(path: string): boolean {
  return COPY.test(path);
}

/** The signs that a text names, the most specific first. */
export function signsIn(text: string): readonly Sign[] {
  return WORDS.flatMap(([sign, words]) => (words.test(text) ? [sign] : []));
}

/**
 * The source and settings files that do what the sign stands for, the most telling first, at most `limit`.
 * The words of the subject break ties: a file is closer when its path says them.
 */
export function filesBearing(
  survey: Survey,
  sign: Sign,
  subject: string,
  limit: number,
): readonly SubjectFile[] {
  const found = survey.files.flatMap((file): SubjectFile[] => {
    const marks = file.marks.get(sign);
    if (marks === undefined || file.role === "test" || COPY.test(file.path)) return [];
    return [{ file, sign, marks: telling(marks), weight: weightOf(file, sign, marks, subject) }];
  });
  const sorted = found
    .filter(({ weight }) => weight >= LEAST_WEIGHT)
    .sort((a, b) => b.weight - a.weight || (a.file.path < b.file.path ? -1 : 1));
  const best = sorted[0]?.weight ?? 0;
  return withoutCopies(sorted.filter(({ weight }) => weight >= best * SHARE_OF_BEST)).slice(
    0,
    limit,
  );
}

/** The files that the public sees first when there is no network API: a library's exports. */
export function entryFiles(survey: Survey, subject: string, limit: number): readonly SubjectFile[] {
  return filesBearing(survey, "entry", subject, limit * 4)
    .toSorted((a, b) => depth(a.file.path) - depth(b.file.path) || b.weight - a.weight)
    .slice(0, limit);
}

/** The files that do what a text is about. For an API that is none of the network, the exports. */
export function filesOf(survey: Survey, text: string, limit: number): readonly SubjectFile[] {
  const [first, second] = signsIn(text).filter((sign) => sign !== "limits");
  if (first === undefined) return [];
  const found = filesBearing(survey, first, text, limit);
  if (first === "api") return isNetworkApi(found) ? found : entryFiles(survey, text, limit);
  if (found.length > 0) return found;
  return second === undefined || second === "errors" || second === "settings"
    ? []
    : filesBearing(survey, second, text, limit);
}

/** One request's method looked at somewhere is no API of the network yet. */
export function isNetworkApi(files: readonly SubjectFile[]): boolean {
  return files.some(({ marks }) => marks.some((mark) => mark.strong));
}

/** A sign borne once, weakly, in a file of another name is chance. */
const LEAST_WEIGHT = 1;
const SHARE_OF_BEST = 0.3;

function weightOf(file: FileProfile, sign: Sign, marks: readonly Mark[], subject: string): number {
  const strong = marks.filter((mark) => mark.strong).length;
  const named = SIGNS[sign].path.test(file.path) ? 4 : 0;
  const count = Math.log2(1 + (file.counts.get(sign) ?? 0));
  const words = overlap(subject, file.path) * 3;
  const aside = ASIDE.test(file.path) ? 0.5 : 1;
  return (Math.min(strong, 4) * 1.2 + count + named + words) * aside;
}

/** The strong ones first; each text once. */
function telling(marks: readonly Mark[]): readonly Mark[] {
  const sorted = [...marks.filter((mark) => mark.strong), ...marks.filter((mark) => !mark.strong)];
  const seen = new Set<string>();
  return sorted
    .filter(({ text }) => !seen.has(text) && seen.add(text) !== undefined)
    .slice(0, PER_FILE);
}

/** The same file built twice (for two module systems, say) is one. */
function withoutCopies(files: readonly SubjectFile[]): readonly SubjectFile[] {
  const seen = new Set<string>();
  return files.filter(({ file, marks }) => {
    const key = `${file.path
      .split("/")
      .at(-1)
      ?.replace(/\.\w+$/, "")}\n${marks[0]?.text}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function depth(path: string): number {
  return path.split("/").length;
}
