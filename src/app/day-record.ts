import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../adapters/system/durable-file.ts';
import { codeOf } from '../domain/errors.ts';
import type { EpochMs, IsoDate } from '../domain/time.ts';
import type { Context } from './context.ts';
import { type DayStepName, dayStepNames } from './day-plan.ts';

/** A step that is over. */
export interface DoneStep {
  readonly state: 'done' | 'skipped' | 'fault';
  /** When it was over, by the market's clock. */
  readonly at: EpochMs;
  /** One sentence. */
  readonly outcome: string;
}

/** What of a day is over, on the disk: a process that was killed goes on with the first step that is not. */
export class DayRecord {
  readonly folder: string;
  readonly file: string;
  readonly #steps = new Map<DayStepName, DoneStep>();
  /** What the session told at its end, as the report shows it. */
  #session = '';

  private constructor(folder: string, date: IsoDate) {
    this.folder = folder;
    this.file = join(folder, `${date}.json`);
  }

  /**
   * Opens the record of a day. One with steps that were over later than now is of another market of the same date, a sandbox that was
   * started anew, and begins afresh.
   */
  static open(folder: string, date: IsoDate, now: EpochMs): DayRecord {
    const record = new DayRecord(folder, date);
    const said = record.#read();
    const steps = dayStepNames.flatMap((name) => {
      const step = stepOf(Object(Object(said).steps)[name]);
      return step ? [[name, step] as const] : [];
    });
    if (steps.some(([, { at }]) => at > now)) return record;
    for (const [name, step] of steps) record.#steps.set(name, step);
    record.#session = String(Object(said).session ?? '');
    return record;
  }

  get(name: DayStepName): DoneStep | undefined {
    return this.#steps.get(name);
  }

  get session(): string {
    return this.#session;
  }

  /** Durable when it returns. */
  over(name: DayStepName, step: DoneStep, session?: string): void {
    this.#steps.set(name, step);
    if (session !== undefined) this.#session = session;
    const all = { version: 1, steps: Object.fromEntries(this.#steps), session: this.#session };
    writeDurably(this.file, `${JSON.stringify(all, null, 2)}\n`);
  }

  #read(): unknown {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8'));
    } catch (error) {
      // It is written whole or not at all, so what cannot be read was edited: every step can be done again.
      if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

function stepOf(said: unknown): DoneStep | undefined {
  const { state, at, outcome } = Object(said);
  const known = (['done', 'skipped', 'fault'] as const).find((each) => each === state);
  return known && Number.isFinite(at) ? { state: known, at, outcome: String(outcome) } : undefined;
}

/** `<home>/data/days/paper-fno` */
export function dayFolder({ folders }: Pick<Context, 'folders'>, mode: string, name: string): string {
  return join(folders.data, 'days', `${mode}-${name}`);
}
