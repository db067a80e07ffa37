import { join } from 'node:path';
import { holdLock } from '../adapters/duckdb/process-lock.ts';
import { writeDurably } from '../adapters/system/durable-file.ts';
import { speedOf } from '../domain/duration.ts';
import { exitCodes, messageOf } from '../domain/errors.ts';
import { type EpochMs, isoInstant } from '../domain/time.ts';
import type { TimerClock } from '../engine/ports.ts';
import { type DayDocument, dayText, stepLine } from '../reports/day-text.ts';
import { analyze } from './analyze.ts';
import { clockOfFeed } from './broker-door.ts';
import type { Context } from './context.ts';
import { type DayPlan, type DayStepName, dayPlan, isClosed, type PlannedStep } from './day-plan.ts';
import { DayRecord, type DoneStep, dayFolder } from './day-record.ts';
import {
  type DayWork,
  instrumentsStep,
  isUnfinished,
  loginStep,
  reconcileStep,
  sessionStep,
  squareOffStep,
  warmUpStep,
} from './day-steps.ts';
import { exportAnalysis } from './export-analysis.ts';
import { sandboxAddress } from './sandbox-notice.ts';
import { sandboxClock } from './sandbox-state.ts';
import { logged } from './session-log.ts';
import { until } from './wait-until.ts';

export interface DayRequest extends Omit<DayWork, 'stream'> {
  /** Name of the profile; `main` without one. It names the stream of a paper session and the folder of the day. */
  readonly name: string;
  /** Shows what would happen and when, and does nothing. */
  readonly plan: boolean;
  /** Writes the report as a page too. */
  readonly html: boolean;
  /** `60x`: how fast the sandbox's clock goes from now on. */
  readonly speed?: string | undefined;
}

/**
 * The planned trading day: login, instruments, warm-up, session, square-off, reconciliation and report, each at its time by the market's
 * clock. What is over is durable, so a day that was cut off goes on with the first step that is not over; one that begins late does what
 * is still of use. On a day without trading it says so and when the next one is.
 *
 * @throws AlgoError RUNNING (75); AuthError when nobody has logged in in time; what the session throws
 */
export async function runDay(
  context: Context,
  request: DayRequest,
  signal: AbortSignal,
): Promise<DayDocument> {
  if (request.speed !== undefined && !request.plan) {
    const address = sandboxAddress(context.folders, undefined);
    await sandboxClock(address, { action: 'speed', speed: speedOf(request.speed) });
  }
  const clock = await clockOfFeed(context, request.feed);
  try {
    const plan = await dayPlan(context, clock.now(), request);
    const folder = dayFolder(context, request.mode, request.name);
    const head = { mode: request.mode, name: request.name, feed: request.feed };
    if (isClosed(plan))
      return { ...head, ...plan, closed: true, steps: [], report: null, exitCode: exitCodes.ok };
    if (request.plan)
      return document(head, plan, DayRecord.open(folder, plan.date, clock.now()), clock.now());
    const release = await holdLock(
      join(folder, 'day.lock.duckdb'),
      `The day of ${request.mode} ${request.name}`,
    );
    try {
      const record = DayRecord.open(folder, plan.date, clock.now());
      const repeated = record.get('report') !== undefined;
      const told = logged(context, { command: `day ${request.mode}`, stream: request.name });
      const day = new Day(told, { ...request, stream: request.name }, { plan, record, clock, signal });
      const exitCode = await day.run(request.html);
      return { ...document(head, plan, record, clock.now()), exitCode, repeated, session: record.session };
    } finally {
      release();
    }
  } finally {
    clock.stop();
  }
}

class Day {
  readonly #context: Context;
  readonly #work: DayWork;
  readonly #plan: DayPlan;
  readonly #record: DayRecord;
  readonly #clock: TimerClock;
  readonly #signal: AbortSignal;

  constructor(
    context: Context,
    work: DayWork,
    parts: { plan: DayPlan; record: DayRecord; clock: TimerClock; signal: AbortSignal },
  ) {
    this.#context = context;
    this.#work = work;
    this.#plan = parts.plan;
    this.#record = parts.record;
    this.#clock = parts.clock;
    this.#signal = parts.signal;
  }

  /** Answers the exit code. */
  async run(html: boolean): Promise<number> {
    let fault = false;
    for (const step of this.#plan.steps) {
      const known = this.#record.get(step.name);
      if (known) this.#context.output.note(`${stepLine(step.name, known)} (done before)`);
      else if (!(await this.#begun(step, html))) return exitCodes.interrupted;
      fault ||= this.#record.get(step.name)?.state === 'fault';
    }
    return fault ? exitCodes.check : exitCodes.ok;
  }

  /** False when somebody stopped it before the step was over. */
  async #begun(step: PlannedStep, html: boolean): Promise<boolean> {
    const { output } = this.#context;
    // What is square is known when the session is over, not at the time of day at which it closes positions.
    if (step.name !== 'square-off') await until(this.#clock, step.at, this.#signal);
    if (this.#signal.aborted) return false;
    try {
      const over = await this.#done(step.name, html);
      if (!over) return false;
      output.note(stepLine(step.name, over));
      return true;
    } catch (error) {
      output.note(`${step.name}: failed. ${messageOf(error)} Started again, the day goes on here.`);
      throw error;
    }
  }

  async #done(name: DayStepName, html: boolean): Promise<DoneStep | undefined> {
    const [context, work] = [this.#context, this.#work];
    switch (name) {
      case 'login':
        return this.#over(
          name,
          await loginStep(context, work, {
            clock: this.#clock,
            wait: this.#plan.loginWait,
            signal: this.#signal,
          }),
        );
      case 'instruments':
        return this.#over(name, await instrumentsStep(context, work));
      case 'warm-up':
        if (this.#isClosed) return this.#over(name, this.#tooLate());
        return this.#over(name, await warmUpStep(context, work));
      case 'session': {
        if (this.#isClosed && !(await isUnfinished(context, work))) return this.#over(name, this.#tooLate());
        const { text, goesOn, ...outcome } = await sessionStep(context, work, this.#signal);
        return goesOn ? this.#over(name, outcome, text) : undefined;
      }
      case 'square-off':
        return this.#over(name, await squareOffStep(context, work));
      case 'reconcile':
        return this.#over(name, await reconcileStep(context, work));
      case 'report':
        return this.#over(name, await this.#report(html));
      default:
        return name satisfies never;
    }
  }

  #over(name: DayStepName, outcome: Pick<DoneStep, 'state' | 'outcome'>, session?: string): DoneStep {
    const step = { ...outcome, at: this.#clock.now() };
    this.#record.over(name, step, session);
    return step;
  }

  get #isClosed(): boolean {
    return this.#clock.now() >= this.#plan.close;
  }

  #tooLate(): Pick<DoneStep, 'state' | 'outcome'> {
    return { state: 'skipped', outcome: 'the market has closed' };
  }

  async #report(html: boolean): Promise<Pick<DoneStep, 'state' | 'outcome'>> {
    const { mode, stream, feed } = this.#work;
    const text = dayText({
      ...document({ mode, name: stream, feed }, this.#plan, this.#record, this.#clock.now()),
      session: this.#record.session,
    });
    const file = this.#fileOf('txt');
    writeDurably(file, `${text}\n`);
    if (!html) return { state: 'done', outcome: `kept as ${file}` };
    const page = this.#fileOf('html');
    const files = { trades: undefined, csv: undefined, parquet: undefined, page, open: false };
    const book = { by: [], strategies: [], symbols: [] };
    await exportAnalysis(
      this.#context,
      files,
    )(await analyze(this.#context, { ...book, mode, ...(mode === 'paper' && { stream }) }));
    return { state: 'done', outcome: `kept as ${file} and ${page}` };
  }

  #fileOf(ending: string): string {
    return join(this.#record.folder, `${this.#plan.date}.${ending}`);
  }
}

function document(
  head: Pick<DayDocument, 'mode' | 'name' | 'feed'>,
  plan: DayPlan,
  record: DayRecord,
  now: EpochMs,
): DayDocument {
  const steps = plan.steps.map(({ name, at, what }) => {
    const over = record.get(name);
    return {
      ...{ name, at: isoInstant(at), what },
      state: over?.state ?? (at <= now ? ('due' as const) : ('ahead' as const)),
      outcome: over?.outcome ?? null,
      overAt: over === undefined ? null : isoInstant(Math.floor(over.at / 1_000) * 1_000),
    };
  });
  const { date, exchange, special, open, close } = plan;
  return {
    ...head,
    ...{ closed: false, date, exchange, special: special ?? null, steps, exitCode: exitCodes.ok },
    ...{ opening: isoInstant(open), close: isoInstant(close) },
    report: record.get('report') ? join(record.folder, `${date}.txt`) : null,
  };
}
