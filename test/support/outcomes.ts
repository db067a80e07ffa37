import type { ChargeTotals } from '../../src/domain/charges.ts';
import type { ClosedTrade, EquityCurve, RefusalCount } from '../../src/domain/run-result.ts';
import { dayNumberOf, instantOf, minuteMs } from '../../src/domain/time.ts';
import type { BacktestOutcome, RunHeader } from '../../src/research/backtest-outcome.ts';
import { type SummaryInput, summarise } from '../../src/research/summary.ts';

/** An instant in India, from `2026-04-01 09:15`. */
export function ist(text: string): number {
  const [date, clock] = text.split(' ');
  const [hour, minute] = clock.split(':').map(Number);
  return instantOf(dayNumberOf(date), hour * 60 + minute);
}

/** A round trip of 10 units bought at 100 and sold at 101 for 1 rupee of charges, but for what is said otherwise. */
export function trade(differences: Partial<ClosedTrade> = {}): ClosedTrade {
  return {
    id: 1,
    strategy: 'ema20_50',
    key: 'NSE:INFY',
    direction: 'LONG',
    product: 'MIS',
    quantity: 10,
    entryTime: ist('2026-04-01 09:30'),
    entryPrice: 100,
    exitTime: ist('2026-04-01 10:30'),
    exitPrice: 101,
    grossPaise: 1_000,
    chargesPaise: 100,
    exitReason: 'signal',
    bars: 4,
    adverse: 0.5,
    favourable: 1.5,
    entryOrder: 1,
    exitOrder: 2,
    ...differences,
  };
}

/** An equity curve from marks `[time, rupees]` or `[time, rupees, exposed]`. */
export function curve(marks: readonly (readonly [string, number, 1?])[]): EquityCurve {
  return {
    time: Float64Array.from(marks, ([time]) => ist(time)),
    equityPaise: Float64Array.from(marks, ([, rupees]) => Math.round(rupees * 100)),
    exposed: Uint8Array.from(marks, ([, , exposed]) => exposed ?? 0),
    length: marks.length,
  };
}

export const noCharges: ChargeTotals = {
  brokerage: 0,
  stt: 0,
  exchange: 0,
  ipft: 0,
  sebi: 0,
  stamp: 0,
  gst: 0,
  dp: 0,
};

export function header(differences: Partial<RunHeader> = {}): RunHeader {
  const from = ist('2026-04-01 09:15');
  const to = ist('2026-04-01 15:15');
  return {
    runId: 'bt-3f9c1a2b',
    version: '0.1.0',
    build: undefined,
    strategies: [
      { name: 'ema20_50', params: { fast: 20, slow: 50, stopLoss: 1.5 }, sourceHash: '1a2b3c4d5e6f' },
    ],
    timeframe: '15m',
    from,
    to,
    instruments: [{ key: 'NSE:INFY', bars: 25, from, to, synthetic: false }],
    series: [{ key: 'NSE:INFY', timeframe: '15m', bars: 25, from, to, checksum: 'd1d1d1d1ffff' }],
    bars: 25,
    wallMs: 8.4,
    hashes: {
      data: 'd0d0d0d0ffff',
      config: 'c0c0c0c0ffff',
      rulebook: 'b0b0b0b0ffff',
      strategy: 'a0a0a0a0ffff',
      result: 'e0e0e0e0ffff',
    },
    warnings: [],
    fillRule: 'next-open',
    charges: 'zerodha',
    product: 'MIS',
    capitalPaise: 10_000_000,
    sizing: '20 % of equity',
    ...differences,
  };
}

/** A finished run from its parts; what is not given is empty. */
export function outcome(
  parts: Partial<Omit<BacktestOutcome, 'summary'>> & { readonly summary?: Partial<SummaryInput> },
): BacktestOutcome {
  const { summary, ...rest } = parts;
  const run = { header: header(), trades: [], equity: curve([]), refusals: [] as RefusalCount[], ...rest };
  return {
    ...run,
    summary: summarise({
      capitalPaise: run.header.capitalPaise,
      equity: run.equity,
      trades: run.trades,
      charges: {
        ...noCharges,
        brokerage: run.trades.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0),
      },
      benchmark: [],
      ...summary,
    }),
  };
}

/** Numbers from 0 to 1 that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** A year of 15-minute marks over three invented instruments with a few hundred trades, cash exact to the paisa. */
export function busyYear(capitalPaise = 100_000_000): BacktestOutcome {
  const random = seeded(7);
  const keys = ['NSE:ALPHA', 'NSE:BHARAT', 'NSE:CHENAB'];
  const reasons = ['signal', 'signal', 'stop', 'target', 'square-off'] as const;
  const marks: { time: number; equity: number; exposed: number }[] = [];
  const trades: ClosedTrade[] = [];
  let equity = capitalPaise;
  for (let day = dayNumberOf('2025-04-01'); day <= dayNumberOf('2026-03-31'); day++) {
    if ((day + 4) % 7 === 0 || (day + 4) % 7 === 6) continue;
    const open = instantOf(day, 9 * 60 + 15);
    for (let bar = 0; bar < 25; bar++) {
      const time = open + (bar + 1) * 15 * minuteMs;
      const closes = bar === 12 || (bar === 24 && day % 3 === 0);
      if (closes) {
        const id = trades.length + 1;
        const quantity = 50 + Math.floor(random() * 400);
        const entryPrice = Math.round((400 + random() * 2_000) * 20) / 20;
        const move = Math.round((random() - 0.47) * entryPrice * 0.02 * 20) / 20;
        const direction = random() > 0.4 ? 'LONG' : 'SHORT';
        const grossPaise = Math.round(move * quantity * 100);
        const chargesPaise = Math.round(4_720 + entryPrice * quantity * 0.03);
        equity += grossPaise - chargesPaise;
        trades.push(
          trade({
            id,
            key: keys[Math.floor(random() * keys.length)],
            direction,
            quantity,
            entryTime: time - 6 * 15 * minuteMs,
            exitTime: time,
            entryPrice,
            exitPrice: Math.round((entryPrice + (direction === 'LONG' ? move : -move)) * 20) / 20,
            grossPaise,
            chargesPaise,
            riskPaise: Math.round(entryPrice * quantity * 1.5),
            exitReason: reasons[Math.floor(random() * reasons.length)],
            bars: 6,
          }),
        );
      }
      marks.push({ time, equity, exposed: bar >= 6 && bar <= 12 ? 1 : 0 });
    }
  }
  const charged = trades.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0);
  const stt = Math.floor(charged * 0.37);
  const gst = Math.floor(charged * 0.13);
  const from = marks[0].time - 15 * minuteMs;
  const to = marks[marks.length - 1].time - 15 * minuteMs;
  return outcome({
    header: header({
      capitalPaise,
      from,
      to,
      bars: marks.length * 3,
      instruments: keys.map((key) => ({ key, bars: marks.length, from, to, synthetic: true })),
      seed: 7,
      warnings: ['NSE:CHENAB has no bars on 2025-08-15; its trades of that day are missing.'],
    }),
    trades,
    equity: {
      time: Float64Array.from(marks, ({ time }) => time),
      equityPaise: Float64Array.from(marks, (mark) => mark.equity),
      exposed: Uint8Array.from(marks, ({ exposed }) => exposed),
      length: marks.length,
    },
    refusals: [
      {
        strategy: 'ema20_50',
        key: 'NSE:ALPHA',
        code: 'RISK_CASH',
        count: 41,
        first: '2025-04-03 11:30 BUY 450 NSE:ALPHA needs ₹2,04,112.50 margin, ₹1,13,400.00 is free',
      },
      { strategy: 'ema20_50', key: 'NSE:BHARAT', code: 'RISK_CASH', count: 9, first: 'later' },
      {
        strategy: 'ema20_50',
        key: 'NSE:BHARAT',
        code: 'RISK_POSITIONS',
        count: 3,
        first: 'three positions are open, 3 is the limit',
      },
    ],
    summary: {
      charges: { ...noCharges, stt, gst, brokerage: charged - stt - gst },
      benchmark: keys.map((key, at) => ({ key, close: Float64Array.of(100, 104 + at), length: 2 })),
    },
  });
}
