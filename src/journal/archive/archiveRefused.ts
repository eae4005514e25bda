/** Why a file is not taken for an archived run, as the middle of a sentence about it. */
export class ArchiveRefused extends Error {
  override readonly name = "ArchiveRefused";
  /** Nothing is wrong with it: this version only cannot read it. */
  readonly newer: boolean;

  constructor(why: string, newer = false) {
    super(why);
    this.newer = newer;
  }
}
