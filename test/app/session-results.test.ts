import { describe, expect, test } from '@jest/globals';
import { SessionResults, type SoFar } from '../../src/app/session-results.ts';
import type { ClosedTrade, HeldTrade, RefusalCount } from '../../src/domain/run-result.ts';
import { trade } from '../support/outcomes.ts';

const noon = Date.parse('2026-04-01T12:00:00+05:30');
const nextNoon = noon + 86_400_000;
const refusal: RefusalCount = {
  strategy: 'a',
  key: 'NSE:INFY',
  code: 'RISK_CASH',
  count: 1,
  first: 'No cash.',
};

function session(recorded: Record<string, unknown>[] = []) {
  const written: Record<string, unknown>[] = [];
  const kept = recorded.map((fields, at) => ({ s: at + 1, v: 1, t: 'trade', ...fields }));
  const results = new SessionResults((fields) => written.push(JSON.parse(JSON.stringify(fields))), kept);
  const state: State = { held: [], ended: [], settled: [], refused: [] };
  const now = {
    account: { fills: 0 },
    tradeCount: 0,
    notes: { totals: new Float64Array(8) },
    heldTrades: () => state.held,
    endedToday: () => state.ended,
    settledSince: (count: number) => state.settled.slice(count),
    refusals: () => state.refused,
  } satisfies SoFar;
  const settle = (trades: ClosedTrade[]) => {
    state.settled = trades;
    now.tradeCount = trades.length;
  };
  return { results, written, now, state, settle };
}

interface State {
  held: HeldTrade[];
  ended: ClosedTrade[];
  settled: ClosedTrade[];
  refused: RefusalCount[];
}

describe('results of a session', () => {
  test('the lines of the contract notes are written when a day is over and when the session stops, each state once', () => {
    const { results, written, now } = session();
    const costs = () => written.filter(({ t }) => t === 'costs').map(({ lines }) => lines);
    results.marked(noon, now);
    now.notes.totals[0] = 4_000;
    results.marked(noon + 1, now);
    expect(costs()).toEqual([]);
    results.marked(nextNoon, now);
    results.stopped(now);
    expect(costs()).toEqual([expect.objectContaining({ brokerage: 4_000, gst: 0 })]);
  });

  test('a trade is written when it opens, when it closes and when its day is settled, each once', () => {
    const { results, written, now, state, settle } = session();
    const { exitTime, exitPrice, ...held } = trade({});
    now.account.fills = 1;
    state.held = [held];
    results.marked(noon, now);
    results.marked(noon + 1, now);
    now.account.fills = 2;
    state.held = [];
    state.ended = [trade({ chargesPaise: 90 })];
    results.marked(noon + 2, now);
    state.ended = [];
    settle([trade({ chargesPaise: 100 })]);
    results.marked(nextNoon, now);
    results.stopped(now);
    expect(written.map(({ status }) => status)).toEqual(['open', 'closed', 'settled']);
    expect(written[2]?.trade).toEqual(trade({ chargesPaise: 100 }));
  });

  test('what an earlier process wrote is not written again', () => {
    const before = session();
    before.now.account.fills = 2;
    before.settle([trade({ id: 1 })]);
    before.results.marked(noon, before.now);
    const { results, written, now, settle } = session(before.written);
    now.account.fills = 4;
    settle([trade({ id: 1 }), trade({ id: 2 })]);
    results.marked(nextNoon, now);
    expect(written.map((fields) => Object(fields.trade).id)).toEqual([2]);
  });

  test('refusals are counted up once a day and at the end', () => {
    const { results, written, now, state } = session();
    state.refused = [refusal];
    results.marked(noon, now);
    expect(written).toEqual([]);
    state.refused = [{ ...refusal, count: 3 }];
    results.marked(nextNoon, now);
    results.stopped(now);
    state.refused = [{ ...refusal, count: 4 }];
    results.stopped(now);
    expect(written.map((fields) => Object(fields.refusal).count)).toEqual([3, 4]);
  });
});
