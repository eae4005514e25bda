/**
 * Answers a question by what code does, where no line says it in words: tests of a thing, its settings, its errors.
 * Owns which files count as the thing's own and which are only near. Every place is read back before it is shown.
 */
import type { Citation } from "../citations.ts";
import type { FileProfile, Mark } from "./profile.ts";
import { type QuestionKind, questionKind } from "./questionKind.ts";
import { importedBy, testsNamedAfter, usersOf } from "./relations.ts";
import type { Sign } from "./signs.ts";
import { filesBearing, filesOf, signsIn } from "./subject.ts";
import type { Survey } from "./survey.ts";

/** `by structure`: this code does it. `nearby`: it has to do with it, and nothing closer was found. */
export type StructuralCertainty = "by structure" | "nearby";

export interface StructuralAnswer {
  readonly kind: QuestionKind;
  readonly found: readonly Citation[];
  readonly certainty: StructuralCertainty;
  /** What the places show, for the person: `these lines import src/router.ts`. */
  readonly shows: string;
  /** The files that the question is about. */
  readonly subject: readonly string[];
}

const SUBJECT_FILES = 3;
const MOST = 6;
/** The sign of a kind's own lines. */
const SIGN_OF: Readonly<Partial<Record<QuestionKind, Sign>>> = {
  settings: "settings",
  errors: "errors",
  logging: "logging",
};

/** What the code shows; `spoken` are files that speak of the subject, for subjects that no sign is known for. */
export function answerByStructure(
  survey: Survey,
  question: string,
  spoken: readonly string[],
): StructuralAnswer {
  const { kind, subject } = questionKind(question);
  const files = subjectFiles(survey, kind, subject, spoken);
  const own = files.map(({ path }) => path);
  const names = own.map((path) => `\`${path}\``).join(", ");
  const answer = (
    found: readonly Citation[],
    certainty: StructuralCertainty,
    shows: string,
  ): StructuralAnswer => ({ kind, found: found.slice(0, MOST), certainty, shows, subject: own });
  const sign = SIGN_OF[kind];
  if (sign !== undefined && files.length > 0) {
    const close = linesOf(sign, [...files, ...files.flatMap((one) => imported(survey, one, sign))]);
    if (close.length > 0) return answer(close, "by structure", `lines of ${names} and its modules`);
    const users = files.flatMap(({ path }) => usersOf(survey, path, 3)).map(({ path }) => path);
    const near = new Set(users);
    const around = survey.files.filter(({ path }) => near.has(path));
    const beside = [...around, ...around.flatMap((one) => importedBy(survey, one.path))];
    const lines = linesOf(sign, beside);
    if (lines.length > 0) return answer(lines, "nearby", `lines of what uses ${names}`);
    const any = filesBearing(survey, sign, subject, 2).map(({ file }) => file);
    return answer(linesOf(sign, any), "nearby", "lines of other files");
  }
  if (kind === "tests") return { ...testsOf(survey, files), kind, subject: own };
  if (kind === "callers") {
    const found = files.flatMap(({ path }) => usersOf(survey, path, 3));
    return answer(found.map(asUse), "by structure", `these lines import ${names}`);
  }
  return answer(placesOf(survey, kind, subject), "by structure", "what these lines do");
}

/** Places of the subject itself, at most two lines a file; for a library's API the lines that export it. */
function placesOf(survey: Survey, kind: QuestionKind, subject: string): readonly Citation[] {
  const sign: Sign | undefined =
    kind === "identity" ? "auth" : kind === "deploy" || kind === "conventions" ? kind : undefined;
  if (sign !== undefined) {
    return filesBearing(survey, sign, subject, 3).flatMap(({ file, marks }) => cited(file, marks));
  }
  const [first] = signsIn(subject);
  const limits = first === "limits" ? filesBearing(survey, "limits", subject, 3) : undefined;
  const files = limits ?? filesOf(survey, subject, 4);
  return files.flatMap(({ file, marks }) => cited(file, marks.slice(0, 2)));
}

function subjectFiles(
  survey: Survey,
  kind: QuestionKind,
  subject: string,
  spoken: readonly string[],
): readonly FileProfile[] {
  if (kind === "place") return [];
  const borne = filesOf(survey, subject, SUBJECT_FILES)
    .map(({ file }) => file)
    .filter(({ role }) => role === "source");
  if (borne.length > 0) return borne;
  const said = spoken.flatMap((path) => survey.byPath.get(path) ?? []);
  const sources = said.filter(({ role }) => role === "source").slice(0, SUBJECT_FILES);
  return sources;
}

/** Tests that are named after the files or import them; else tests of what they are made of; else any. */
function testsOf(
  survey: Survey,
  files: readonly FileProfile[],
): Pick<StructuralAnswer, "found" | "certainty" | "shows"> {
  const tests = (paths: readonly string[]): Citation[] => [
    ...paths.flatMap((path) => usersOf(survey, path, 3, true)).map(asUse),
    ...paths.flatMap((path) => testsNamedAfter(survey, path)).map(start),
  ];
  const own = files.map(({ path }) => path);
  const names = own.map((path) => `\`${path}\``).join(", ");
  const direct = onePerFile(tests(own));
  if (direct.length > 0)
    return { found: direct.slice(0, MOST), certainty: "by structure", shows: `tests of ${names}` };
  if (files.length === 0) return { found: [], certainty: "nearby", shows: "" };
  const around = [
    ...own.flatMap((path) => importedBy(survey, path).map((one) => one.path)),
    ...own.flatMap((path) => usersOf(survey, path, 3)).map(({ path }) => path),
  ];
  const two = around.flatMap((path) => importedBy(survey, path).map((one) => one.path));
  const near = onePerFile(tests([...new Set([...around, ...two])]));
  const any = survey.files.filter(({ role, imports }) => role === "test" && imports.length > 0);
  const found = near.length > 0 ? near : any.slice(0, 2).map(start);
  return {
    found: found.slice(0, 3),
    certainty: "nearby",
    shows: `no test is named after or imports ${names}; these test other files`,
  };
}

/** What a file imports, as far as the sign is its heart: a module of errors, of settings. */
function imported(survey: Survey, file: FileProfile, sign: Sign): readonly FileProfile[] {
  return importedBy(survey, file.path).filter((one) =>
    one.marks.get(sign)?.some((mark) => mark.strong),
  );
}

function linesOf(sign: Sign, files: readonly FileProfile[]): readonly Citation[] {
  return [...new Set(files)]
    .flatMap((file) => {
      const marks = file.marks.get(sign) ?? [];
      const sorted = [
        ...marks.filter(({ strong }) => strong),
        ...marks.filter((one) => !one.strong),
      ];
      return cited(file, sorted.slice(0, 3)).map((citation, index) => ({
        citation,
        strong: sorted[index]?.strong === true,
      }));
    })
    .sort((a, b) => Number(b.strong) - Number(a.strong))
    .map(({ citation }) => citation);
}

function cited(file: FileProfile, marks: readonly Mark[]): Citation[] {
  return marks.map(({ line, text }) => ({ path: file.path, line, text }));
}

function asUse({ path, at }: { path: string; at: Mark }): Citation {
  return { path, line: at.line, text: at.text };
}

function start({ path, firstTest }: FileProfile): Citation {
  return { path, line: firstTest?.line ?? 1, text: firstTest?.text ?? "" };
}

function onePerFile(citations: readonly Citation[]): Citation[] {
  const seen = new Set<string>();
  return citations.filter(({ path }) => !seen.has(path) && seen.add(path) !== undefined);
}
