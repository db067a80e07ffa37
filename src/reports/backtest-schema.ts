import { z } from 'zod';
import { chargeLines } from '../domain/charges.ts';
import { exitReasons, orderTypes } from '../domain/order.ts';
import { timeframes } from '../domain/timeframe.ts';
import { periods } from '../research/breakdown.ts';

const money = z
  .string()
  .regex(/^-?\d+\.\d{2}$/)
  .describe('rupees');
const price = z
  .string()
  .regex(/^-?\d+\.\d{2,6}$/)
  .describe('rupees a unit');
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?\+05:30$/)
  .describe('ISO 8601, India');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const count = z.int().min(0);
const percent = z.number().describe('percent');
/** Null where the figure would be a fiction; `summary.notes` says why. */
const figure = z.number().nullable();
const moneyFigure = money.nullable();

const totals = { trades: count, wins: count, losses: count, gross: money, charges: money, net: money };
const day = z.strictObject({ date, change: money, percent }).nullable();
const tradeMention = z
  .strictObject({
    id: count,
    instrument: z.string(),
    exitTime: instant,
    net: money,
    percent: z.number().nullable(),
  })
  .nullable();
const trade = z.strictObject({
  id: count,
  strategy: z.string(),
  instrument: z.string(),
  side: z.enum(['BUY', 'SELL']).describe('of the entry'),
  product: z.enum(['CNC', 'MIS', 'NRML']),
  quantity: z.number().positive().describe('units'),
  entryTime: instant,
  entryPrice: price,
  exitTime: instant,
  exitPrice: price,
  gross: money.describe('rupees, before charges'),
  charges: money,
  net: money.describe('rupees, gross minus charges'),
  returnPercent: z.number().nullable().describe('net in percent of the entry value'),
  exitReason: z.enum(exitReasons),
  note: z.string().nullable().describe("the strategy's own word for the exit"),
  bars: count.describe('bars between entry and exit'),
  adverse: price.describe('worst mark against the trade, rupees a unit'),
  favourable: price.describe('best mark for the trade, rupees a unit'),
  risk: moneyFigure.describe('what the protective stop put at risk'),
  stop: price.nullable().describe('where the first protective stop stood'),
  target: price.nullable().describe('where the target stood'),
  entryType: z.enum(orderTypes).nullable().describe('of the first order of the entry'),
  entryDecision: price
    .nullable()
    .describe('what the entry was decided on: a trigger, else the market at the decision'),
  exitType: z.enum(orderTypes).nullable().describe('of the last order of the exit'),
  exitDecision: price
    .nullable()
    .describe('what the exit was decided on: a stop, a target, else the market at the decision'),
  slippage: moneyFigure.describe('what fills cost against the decisions; negative where they were better'),
});

const summary = z.strictObject({
  capital: money,
  finalBalance: money,
  gross: money,
  charges: money,
  net: money.describe('sum of the net of all trades'),
  open: money.describe('profit of positions still open at the last bar'),
  returnPercent: percent,
  benchmarkPercent: figure,
  excessPercent: figure,
  turnover: money,
  turnoverTimes: z.number(),
  costDragPercent: figure,
  costOfTurnoverPercent: figure,
  cagrPercent: figure,
  volatilityPercent: figure,
  sharpe: figure,
  sortino: figure,
  calmar: figure,
  maxDrawdownPercent: figure,
  maxDrawdown: moneyFigure,
  maxDrawdownPeak: instant.nullable(),
  maxDrawdownTrough: instant.nullable(),
  maxDrawdownRecovery: instant.nullable(),
  maxDrawdownDays: count.nullable(),
  maxDrawdownDailyPercent: figure,
  averageDrawdownPercent: figure,
  longestDrawdownDays: figure,
  exposurePercent: figure,
  trades: count,
  wins: count,
  losses: count,
  breakeven: count,
  winRatePercent: figure,
  profitFactor: figure,
  expectancy: moneyFigure,
  expectancyPercent: figure,
  expectancyR: figure,
  sqn: figure,
  averageWin: moneyFigure,
  averageLoss: moneyFigure,
  payoffRatio: figure,
  kellyPercent: figure,
  winStreak: count,
  lossStreak: count,
  averageBars: figure,
  days: count,
  tradesPerDay: figure,
  bestDay: day,
  worstDay: day,
  bestTrade: tradeMention,
  worstTrade: tradeMention,
  notes: z.record(z.string(), z.string()).describe('why a figure is null, or what to keep in mind about it'),
});

/** The document that `algo backtest --json` prints. Money and prices are decimal strings, times ISO 8601 in India. */
export const backtestSchema = z.strictObject({
  run: z.strictObject({
    id: z.string(),
    version: z.string(),
    strategies: z.array(
      z.strictObject({
        name: z.string(),
        params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
        sourceHash: z.string(),
      }),
    ),
    timeframe: z.enum(timeframes),
    from: instant.nullable(),
    to: instant.nullable(),
    bars: count,
    wallMs: z.number().describe('the only value that differs between two runs of the same inputs'),
    synthetic: z.boolean().describe('at least one instrument has invented prices'),
    seed: z.number().nullable(),
    capital: money,
    product: z.string().describe('as used: CNC, or several such as CNC, MIS'),
    sizing: z.string(),
    fillRule: z.string(),
    charges: z.string(),
    hashes: z.strictObject({
      data: z.string(),
      config: z.string(),
      rulebook: z.string(),
      strategy: z.string(),
      result: z.string(),
    }),
  }),
  warnings: z.array(z.string()),
  summary,
  charges: z.record(z.enum([...chargeLines, 'total']), money),
  instruments: z.array(
    z.strictObject({
      instrument: z.string(),
      bars: count,
      from: instant.nullable(),
      to: instant.nullable(),
      synthetic: z.boolean(),
      ...totals,
    }),
  ),
  strategies: z.array(z.strictObject({ strategy: z.string(), ...totals })),
  exits: z.array(z.strictObject({ reason: z.enum(exitReasons), ...totals })),
  refusals: z.array(
    z.strictObject({
      code: z.string(),
      strategy: z.string(),
      instrument: z.string(),
      count,
      first: z.string().describe('the first case in words'),
    }),
  ),
  breakdown: z
    .strictObject({
      period: z.enum(periods),
      rows: z.array(
        z.strictObject({
          period: z.string(),
          trades: count,
          gross: money,
          charges: money,
          net: money,
          returnPercent: percent,
          endBalance: money,
        }),
      ),
    })
    .optional(),
  trades: z.array(trade),
});

export type BacktestDocument = z.infer<typeof backtestSchema>;
export type TradeDocument = z.infer<typeof trade>;
export type SummaryDocument = z.infer<typeof summary>;
