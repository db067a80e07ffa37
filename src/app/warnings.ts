/** Sentences shown one by one; beyond that many of a kind the rest is counted. */
const shown = 3;

/** Warnings of a run over many instruments: a few of each kind in words, the rest as a number, so that none is lost in the crowd. */
export class Warnings {
  readonly #kinds = new Map<string, string[]>();

  add(kind: string, sentence: string): void {
    this.#kinds.set(kind, [...(this.#kinds.get(kind) ?? []), sentence]);
  }

  sentences(): readonly string[] {
    return [...this.#kinds.values()].flatMap((all) =>
      all.length <= shown
        ? all
        : [...all.slice(0, shown), `The same kind of warning holds for ${all.length - shown} more.`],
    );
  }
}
