import { decimalOf, groupedOf, rupeesOf } from '../domain/money.ts';
import type { ClosedTrade, RefusalCount } from '../domain/run-result.ts';
import { istText } from '../domain/time.ts';
import { refusalsByCode } from '../research/groups.ts';
import { netOf, tradeStatistics } from '../research/trade-statistics.ts';
import { countText, priceText, shortHash } from './format.ts';
import { bold, type Screen } from './screen.ts';
import { tableText } from './table.ts';
import { tradeRow } from './trade-row.ts';

/** What a session did, until its feed ended or it was interrupted. */
export interface SessionReport {
  readonly mode: 'paper' | 'live';
  readonly stream: string;
  readonly session: string;
  /** Entries of the journal that an interrupted session had recorded and that came out the same again. */
  readonly resumed: number;
  /** False when the session was interrupted; starting it again goes on with it. */
  readonly ended: boolean;
  /** The day is over, and positions are held into the next: starting it then goes on with them. */
  readonly overnight: boolean;
  /** One pass was asked for and is done, and the day goes on: the next start goes on with it. */
  readonly passed: boolean;
  /** A person told it to stop, which is no interruption. */
  readonly stopped?: boolean;
  readonly trades: readonly ClosedTrade[];
  readonly refusals: readonly RefusalCount[];
  readonly equityPaise: number;
  readonly capitalPaise: number;
  readonly synthetic: boolean;
  /** Of every order, fill and trade: equal to the backtest's of the same bars. */
  readonly hash: string;
}

/** Money is decimal strings. */
export function sessionDocument(report: SessionReport) {
  const { stream, session, resumed, ended, synthetic, hash, trades, refusals } = report;
  return {
    stream,
    session,
    resumedEntries: resumed,
    ended,
    overnight: report.overnight,
    passed: report.passed,
    stopped: report.stopped === true,
    synthetic,
    hash,
    capital: decimalOf(report.capitalPaise),
    equity: decimalOf(Math.round(report.equityPaise)),
    net: decimalOf(tradeStatistics(trades).netPaise),
    trades: trades.map(tradeRow),
    refusals: refusalsByCode(refusals).map(({ code, count, first }) => ({ code, count, first })),
  };
}
export type SessionDocument = ReturnType<typeof sessionDocument> | ClosedDay;

/** Whether a session came as far as it was asked to; one that was interrupted goes on when it is started again. */
export function isDone({ ended, overnight, passed, stopped }: SessionReport): boolean {
  return ended || overnight || passed || stopped === true;
}

/** No session took place. */
export interface ClosedDay {
  readonly stream: string;
  readonly closed: true;
}

function goesOn({ overnight, passed, stopped }: SessionReport): string {
  if (passed) return ', one pass: the next start goes on';
  if (stopped === true) return ', stopped: start it again to go on';
  return overnight
    ? ', positions held overnight: start it tomorrow to go on'
    : ', interrupted: start it again to go on';
}

/** A session as its owner reads it in the evening. */
export function sessionText(report: SessionReport, screen: Screen): string {
  const { mode, stream, session, ended, resumed, trades, synthetic } = report;
  const statistics = tradeStatistics(trades);
  const head = [
    bold(
      `${mode === 'live' ? 'Live' : 'Paper'} session ${session} on stream ${stream}${ended ? '' : goesOn(report)}`,
      screen,
    ),
    ...(synthetic ? ['Synthetic prices, not real.'] : []),
    ...(resumed > 0
      ? [`Went on after an interruption: ${countText(resumed)} recorded entries came out the same again.`]
      : []),
    `Account ${rupeesOf(Math.round(report.equityPaise))} of ${rupeesOf(report.capitalPaise)}; ${countText(statistics.count)} trades earned ${rupeesOf(statistics.netPaise)} after ${rupeesOf(statistics.chargesPaise)} of charges.`,
  ];
  const table = tableText(
    {
      columns: ['instrument', 'side', 'quantity', 'entry', 'at', 'exit', 'at', 'why', 'net ₹'],
      rows: trades.map((trade) => [
        trade.key,
        trade.direction === 'LONG' ? 'BUY' : 'SELL',
        countText(trade.quantity),
        istText(trade.entryTime),
        priceText(trade.entryPrice),
        istText(trade.exitTime),
        priceText(trade.exitPrice),
        trade.exitReason,
        groupedOf(netOf(trade)),
      ]),
      empty: 'No trade was closed.',
    },
    screen,
  );
  const refused = refusalsByCode(report.refusals);
  const refusals = tableText(
    {
      title: 'Signals that did not become orders',
      columns: ['code', 'count', 'the first'],
      rows: refused.map(({ code, count, first }) => [code, countText(count), first]),
    },
    screen,
  );
  return [
    head.join('\n'),
    table,
    ...(refused.length > 0 ? [refusals] : []),
    `Result ${shortHash(report.hash)}; the journal: algo journal list`,
  ].join('\n\n');
}
