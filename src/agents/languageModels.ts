/**
 * The port behind which the language models of an editor stand: only its host can ask them.
 * Owns the shapes. Knows no editor.
 */

export interface LanguageModelInfo {
  /** Stable within its vendor. */
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** Tokens that one request may have. */
  readonly maxInputTokens: number;
}

export interface LanguageModelQuestion {
  readonly vendor: string;
  /** An id or a family; without one the vendor's first. */
  readonly model?: string;
  /** In order; the models know no system message, so it comes first. */
  readonly messages: readonly string[];
  /** Why a person is asked for their consent. */
  readonly justification: string;
  /** Aborted: let go at once. */
  readonly signal: AbortSignal;
  /** Takes the answer, piece by piece. */
  readonly receive: (text: string) => void;
}

export type LanguageModelAnswer =
  /** Tokens are those that the model's own tokenizer counts; absent when it did not in time. */
  | {
      readonly type: "answered";
      readonly model: string;
      readonly input?: number;
      readonly output?: number;
    }
  /** `missing`: there is no such model; `denied`: the person gave no consent; `blocked`: a quota is used up. */
  | {
      readonly type: "missing" | "denied" | "blocked" | "failed";
      readonly message: string;
    };

export interface LanguageModels {
  /** The models of a vendor; empty when there are none. Rejects when the signal aborts first. */
  list(vendor: string, signal: AbortSignal): Promise<readonly LanguageModelInfo[]>;
  /** One request. Rejects only when the signal aborted, and on faults. */
  ask(question: LanguageModelQuestion): Promise<LanguageModelAnswer>;
}
