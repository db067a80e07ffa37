import { describe, expect, test } from '@jest/globals';
import type { JournalRecord } from '../../src/adapters/journal/record-line.ts';
import { entryOf } from '../../src/adapters/journal/session-journal.ts';
import type { BacktestCast } from '../../src/app/backtest-run.ts';
import { recordedExchange, simulatedExchange } from '../../src/app/session-exchange.ts';
import { SessionPlayer } from '../../src/app/session-player.ts';
import { defaultConfig } from '../../src/config/schema.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { closesOf, sessionsOf } from '../../src/domain/resample.ts';
import { istDayNumber } from '../../src/domain/time.ts';
import { fixedQuantity } from '../../src/engine/sizing.ts';
import type { RunTurns } from '../../src/engine/turns/run-turns.ts';
import { TurnWatch } from '../../src/engine/turns/turn-watch.ts';
import type { Strategy } from '../../src/strategy/index.ts';
import { parseParams } from '../../src/strategy/parse-params.ts';
import { AnsweringBroker, HeldLog, heldPlayer } from '../support/held-session.ts';
import { storedTape } from '../support/shipped.ts';
import { busier, shipped } from '../support/shipped-strategies.ts';
import { rulebook } from '../support/tape.ts';

function castOf(strategy: Strategy, watch?: TurnWatch): BacktestCast {
  const { fill, risk } = defaultConfig();
  const { instrument, series } = storedTape(busier.get(strategy) ?? strategy.timeframe);
  return {
    plan: {
      ...{ capitalPaise: 100_000_000, limits: risk, charges: rulebook.charges('zerodha'), rulebook },
      ...{ product: 'auto', squareOff: 'auto', entryCutOff: 'auto' },
      sizing: fixedQuantity(10),
      isolation: { errorsMax: 3, flatten: false },
    },
    fill,
    series: [
      {
        instrument,
        series: new BarSeries(series.key, series.timeframe),
        strategies: [{ strategy, params: parseParams(strategy) }],
      },
    ],
    ...(watch && { watch }),
  };
}

/** A session with halts and a kill that told all bars of a strategy's tape, as its journal has it. */
function recorded(strategy: Strategy, kind: 'paper' | 'live') {
  const log = new HeldLog();
  const cast = castOf(strategy);
  const answering = new AnsweringBroker();
  const player = heldPlayer(cast, log, kind === 'live' ? answering : simulatedExchange(cast));
  const { instrument, series } = storedTape(busier.get(strategy) ?? strategy.timeframe);
  const closes = closesOf(series, sessionsOf(rulebook.calendar, instrument));
  const { time, open, high, low, close, volume, length } = series;
  let held = 0;
  for (let row = 0; row < length; row++) {
    const part = Math.floor((row / length) * 20);
    if (part === 4) player.halt('HALT_FEED', 'the stream is silent');
    else player.resume('HALT_FEED');
    held = player.engine.account.held.length > 0 ? held + 1 : 0;
    if (part >= 10 && part < 14 && held > 2 && player.halt('HALT_KILL', 'a test'))
      player.operate('flatten', closes[row - 1]);
    if (part === 16) player.resume('HALT_KILL');
    const bar = { open: open[row], high: high[row], low: low[row], close: close[row], volume: volume[row] };
    player.tell(closes[row], [{ place: 0, time: time[row], ...bar }]);
    const dayEnds = row + 1 === length || istDayNumber(time[row + 1]) !== istDayNumber(time[row]);
    if (kind === 'live') answering.answer(closes[row], close[row], dayEnds);
  }
  player.leave();
  return { records: log.records, refusals: player.engine.refusals(), length };
}

/** The session played again from its records by somebody who watches. */
function watched(strategy: Strategy, kind: 'paper' | 'live', records: readonly JournalRecord[]): RunTurns {
  const watch = new TurnWatch(() => false);
  const cast = castOf(strategy, watch);
  const entries = records.map(entryOf).filter((entry) => entry !== undefined);
  const nowhere = new HeldLog();
  const exchange = kind === 'live' ? recordedExchange() : simulatedExchange(cast);
  const session = { id: 'held', entries, records, markedUntil: Number.NEGATIVE_INFINITY };
  const player = new SessionPlayer(cast, nowhere, session, exchange);
  player.recall(records);
  expect(nowhere.records.filter(({ t }) => t === 'intent' || t === 'order')).toEqual([]);
  return watch.runs[0];
}

function countsOf(turns: RunTurns): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let row = 0; row < turns.length; row++) {
    const reason = turns.reasonAt(row);
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

const sum = (counts: Record<string, number>, beginning = '') =>
  Object.entries(counts).reduce(
    (total, [reason, count]) => total + (reason.startsWith(beginning) ? count : 0),
    0,
  );

describe.each(['paper', 'live'] as const)('every bar of a %s session has exactly one reason', (kind) => {
  test.each<Strategy>(shipped)('$name, and the counts add up', (strategy) => {
    const { records, refusals, length } = recorded(strategy, kind);
    const counts = countsOf(watched(strategy, kind, records));
    expect(sum(counts)).toBe(length);
    const entries = records.filter(({ t, order }) => t === 'intent' && Object(order).role === 'entry');
    expect(entries.length).toBeGreaterThan(0);
    expect(sum(counts, 'ENTRY_')).toBe(entries.length);
    for (const { code, count } of refusals.filter(({ code: each }) => each !== 'ORDER_REJECTED'))
      expect({ code, count }).toEqual({
        code,
        count: code === 'RISK_HALTED' ? sum(counts, 'HALT_') : counts[code],
      });
    expect(counts.RISK_HALTED).toBeUndefined();
    const rejected = refusals.find(({ code }) => code === 'ORDER_REJECTED')?.count ?? 0;
    expect(counts.ENTRY_REJECTED ?? 0).toBe(rejected);
  });

  test('what a kill closed is the reason of the bar before it', () => {
    const [strategy] = shipped.filter(({ name }) => name === 'ema20_50_intraday');
    const counts = countsOf(watched(strategy, kind, recorded(strategy, kind).records));
    expect(counts.EXIT_KILL).toBe(1);
    expect(counts.HALT_FEED).toBeGreaterThan(0);
    if (kind === 'live') expect(counts.ENTRY_CANCELLED).toBeGreaterThan(0);
  });
});
