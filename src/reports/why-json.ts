import type { OrderIntent } from '../domain/order.ts';
import { isoInstant } from '../domain/time.ts';
import { type Stage, type StrategyTurns, stages, type Turn } from '../domain/turn.ts';
import { reasonText, stageOf } from '../domain/turn-reason.ts';
import { rounded } from './format.ts';
import { type ChainLink, chainOf, stepText } from './why-chain.ts';

/** Which run is asked about. */
export interface WhySource {
  readonly kind: 'backtest' | 'paper' | 'live';
  readonly id: string;
  readonly stream?: string | undefined;
  readonly synthetic: boolean;
}

/** Bars of one strategy that ended for the same reason. */
export interface ReasonCount {
  readonly reason: string;
  readonly stage: Stage;
  readonly meaning: string;
  readonly bars: number;
  /** Opening instants of the first and the last of them. */
  readonly first: string;
  readonly last: string;
}

/** Of one strategy on one instrument: `reasons` when nothing else was asked, their `bars` sum to all bars of the run. */
export interface WhyRun {
  readonly strategy: string;
  readonly instrument: string;
  readonly timeframe: string;
  readonly bars: number;
  readonly reasons?: readonly ReasonCount[];
  /** Bars on which a halt stood, by its code; beside `reasons`. */
  readonly halted?: Readonly<Record<string, number>>;
  /** The bars that were asked for, each with the whole chain. */
  readonly turns?: readonly WhyTurn[];
}

/** Instants are ISO-8601 in India, prices rupees. */
export interface WhyTurn {
  readonly time: string;
  readonly decided: string;
  readonly bar: Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', number>>;
  /** Units held before the decision, negative when short. */
  readonly quantity: number;
  readonly entering: boolean;
  /** By the names of the requests; null where there is no value yet. */
  readonly indicators: readonly { readonly name: string; readonly value: number | null }[];
  /** What halted trading: `HALT_FEED, the stream is silent`. */
  readonly halts: readonly string[];
  /** What happened while the bar formed, and what came of its orders later, in words. */
  readonly during: readonly string[];
  readonly chain: readonly ChainLink[];
  readonly later: readonly string[];
  readonly reason: string;
  readonly stage: Stage;
  readonly meaning: string;
}

export interface WhyDocument {
  readonly source: WhySource;
  readonly runs: readonly WhyRun[];
}

/** `rows` are the bars that were asked for, run by run; without it all are counted by reason. */
export function whyDocument({
  source,
  runs,
  rows,
}: {
  readonly source: WhySource;
  readonly runs: readonly StrategyTurns[];
  readonly rows?: readonly (readonly number[])[];
}): WhyDocument {
  return {
    source,
    runs: runs.map((turns, at) => {
      const { strategy, series, length } = turns;
      return {
        strategy,
        instrument: series.key,
        timeframe: series.timeframe,
        bars: length,
        ...(rows
          ? { turns: rows[at].flatMap((row) => whyTurn(turns, row)) }
          : { reasons: reasonsOf(turns), halted: Object.fromEntries(turns.halted) }),
      };
    }),
  };
}

/** Counts in the order in which a decision goes, the most frequent of a stage first. */
function reasonsOf(turns: StrategyTurns): readonly ReasonCount[] {
  const { time } = turns.series;
  const found = new Map<string, { bars: number; readonly first: number; last: number }>();
  for (let row = 0; row < turns.length; row++) {
    const reason = turns.reasonAt(row);
    const known = found.get(reason);
    if (known) {
      known.bars += 1;
      known.last = row;
    } else found.set(reason, { bars: 1, first: row, last: row });
  }
  return [...found]
    .map(([reason, { bars, first, last }]) => ({
      reason,
      stage: stageOf(reason),
      meaning: reasonText(reason),
      bars,
      first: isoInstant(time[first]),
      last: isoInstant(time[last]),
    }))
    .sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage) || b.bars - a.bars);
}

function whyTurn(turns: StrategyTurns, row: number): readonly WhyTurn[] {
  const turn = turns.turnAt(row);
  if (turn === undefined) return [];
  const { open, high, low, close, volume } = turns.series;
  const { time, decided, quantity, entering, reason } = turn;
  return [
    {
      time: isoInstant(time),
      decided: isoInstant(decided),
      bar: { open: open[row], high: high[row], low: low[row], close: close[row], volume: volume[row] },
      quantity,
      entering,
      indicators: turn.lines.map(({ name, value }) => ({
        name,
        value: Number.isFinite(value) ? rounded(value) : null,
      })),
      halts: turn.halts.map(({ code, why }) => `${code}, ${why}`),
      during: turn.during.map(stepText),
      chain: chainOf(turn),
      later: laterOf(turn),
      reason,
      stage: stageOf(reason),
      meaning: reasonText(reason),
    },
  ];
}

/** News of this turn's orders; of protective orders they brought, only what ended the trade would be another turn's story. */
function laterOf({ decision, later }: Turn): readonly string[] {
  const own = new Set(decision.flatMap((step) => (step.type === 'order' ? [idOf(step.order)] : [])));
  return later.filter((step) => step.type !== 'event' || own.has(idOf(step.order))).map(stepText);
}

function idOf({ id }: OrderIntent): number {
  return id;
}
