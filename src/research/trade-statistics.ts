import { type Paise, roundHalfUp } from '../domain/money.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { type Figure, figure, unavailable } from './figure.ts';
import { deviation, mean } from './returns.ts';

/** Everything that is counted per round trip. A win is a trade that earned after charges; money is whole paise. */
export interface TradeStatistics {
  readonly count: number;
  readonly wins: number;
  readonly losses: number;
  readonly breakeven: number;
  readonly grossPaise: Paise;
  readonly chargesPaise: Paise;
  readonly netPaise: Paise;
  /** Value bought and sold, entries and exits. */
  readonly turnoverPaise: Paise;
  readonly winRatePercent: Figure;
  /** Net of the wins over net of the losses. */
  readonly profitFactor: Figure;
  /** Mean net of a trade. */
  readonly expectancyPaise: Figure;
  /** Mean of net in percent of the entry's value. */
  readonly expectancyPercent: Figure;
  /** Mean of net in units of what the protective stop put at risk. */
  readonly expectancyR: Figure;
  /** System quality number: √n × mean ÷ standard deviation of the nets. */
  readonly sqn: Figure;
  readonly averageWinPaise: Figure;
  readonly averageLossPaise: Figure;
  /** Average win over average loss. */
  readonly payoffRatio: Figure;
  /** Share of capital, in percent, that the Kelly formula would stake; negative says do not trade it. */
  readonly kellyPercent: Figure;
  readonly winStreak: number;
  readonly lossStreak: number;
  readonly averageBars: Figure;
  readonly best: ClosedTrade | undefined;
  readonly worst: ClosedTrade | undefined;
}

/** Below this many trades a system quality number says little (Van Tharp asks for 30 at least). */
const fewTrades = 30;
const noTrades = 'there are no trades';

/** Net of a trade in whole paise. */
export function netOf(trade: ClosedTrade): Paise {
  return trade.grossPaise - trade.chargesPaise;
}

/** Value of the entry, rupees × units, whole paise. */
function entryValueOf(trade: ClosedTrade): Paise {
  return roundHalfUp(trade.entryPrice * trade.quantity * 100);
}

/** Net in percent of the entry's value. */
export function returnPercentOf(trade: ClosedTrade): number {
  return (netOf(trade) / entryValueOf(trade)) * 100;
}

/** Trades in the order in which they closed; the one entered first comes first when they closed together. */
function inOrderOfExit(trades: readonly ClosedTrade[]): readonly ClosedTrade[] {
  const ordered = trades.every((trade, at) => at === 0 || trade.exitTime > trades[at - 1].exitTime);
  return ordered
    ? trades
    : [...trades].sort((one, other) => one.exitTime - other.exitTime || one.id - other.id);
}

export function tradeStatistics(trades: readonly ClosedTrade[]): TradeStatistics {
  const nets = new Float64Array(trades.length);
  const percents = new Float64Array(trades.length);
  let wins = 0;
  let losses = 0;
  let won = 0;
  let lost = 0;
  let grossPaise = 0;
  let chargesPaise = 0;
  let turnoverPaise = 0;
  let bars = 0;
  let winStreak = 0;
  let lossStreak = 0;
  let streak = 0;
  let best: ClosedTrade | undefined;
  let worst: ClosedTrade | undefined;

  let at = 0;
  for (const trade of inOrderOfExit(trades)) {
    const net = netOf(trade);
    const entryValue = entryValueOf(trade);
    nets[at] = net;
    percents[at++] = (net / entryValue) * 100;
    grossPaise += trade.grossPaise;
    chargesPaise += trade.chargesPaise;
    turnoverPaise += entryValue + roundHalfUp(trade.exitPrice * trade.quantity * 100);
    bars += trade.bars;
    if (net > 0) {
      wins++;
      won += net;
      streak = streak > 0 ? streak + 1 : 1;
      winStreak = Math.max(winStreak, streak);
    } else if (net < 0) {
      losses++;
      lost -= net;
      streak = streak < 0 ? streak - 1 : -1;
      lossStreak = Math.max(lossStreak, -streak);
    } else {
      streak = 0;
    }
    if (best === undefined || net > netOf(best)) best = trade;
    if (worst === undefined || net < netOf(worst)) worst = trade;
  }

  const count = trades.length;
  const averageWin = won / wins;
  const averageLoss = lost / losses;
  const oneSided = oneSidedReason({ count, wins, losses });
  return {
    count,
    wins,
    losses,
    breakeven: count - wins - losses,
    grossPaise,
    chargesPaise,
    netPaise: grossPaise - chargesPaise,
    turnoverPaise,
    winRatePercent: figure((wins / count) * 100, noTrades),
    profitFactor: losses > 0 ? { value: won / lost } : unavailable(count > 0 ? 'no trade lost' : noTrades),
    expectancyPaise: figure(mean(nets), noTrades),
    expectancyPercent: figure(mean(percents), count > 0 ? 'an entry had no value' : noTrades),
    expectancyR: expectancyR(trades),
    sqn: systemQuality(nets),
    averageWinPaise: wins > 0 ? { value: averageWin } : unavailable(count > 0 ? 'no trade won' : noTrades),
    averageLossPaise:
      losses > 0 ? { value: -averageLoss } : unavailable(count > 0 ? 'no trade lost' : noTrades),
    payoffRatio: oneSided ?? { value: averageWin / averageLoss },
    kellyPercent: oneSided ?? {
      value: (wins / count - (1 - wins / count) / (averageWin / averageLoss)) * 100,
    },
    winStreak,
    lossStreak,
    averageBars: figure(bars / count, noTrades),
    best,
    worst,
  };
}

function oneSidedReason({
  count,
  wins,
  losses,
}: {
  count: number;
  wins: number;
  losses: number;
}): Figure | undefined {
  if (count === 0) return unavailable(noTrades);
  if (losses === 0) return unavailable('no trade lost');
  return wins === 0 ? unavailable('no trade won') : undefined;
}

function systemQuality(nets: Float64Array): Figure {
  if (nets.length < 2) return unavailable(nets.length === 0 ? noTrades : 'there is one trade only');
  const average = mean(nets);
  const spread = deviation(nets, average);
  if (spread === 0) return unavailable('all trades earned the same');
  const value = (Math.sqrt(nets.length) * average) / spread;
  return nets.length < fewTrades
    ? { value, caution: `${nets.length} trades are few to judge by, ${fewTrades} are the least` }
    : { value };
}

// A mean over the trades that happened to have a stop would flatter or damn the rest, so all of them or none.
function expectancyR(trades: readonly ClosedTrade[]): Figure {
  if (trades.length === 0) return unavailable(noTrades);
  let sum = 0;
  let stopped = 0;
  for (const trade of trades) {
    if (trade.riskPaise === undefined || trade.riskPaise <= 0) continue;
    sum += netOf(trade) / trade.riskPaise;
    stopped++;
  }
  if (stopped === trades.length) return { value: sum / stopped };
  return unavailable(
    stopped === 0
      ? 'no trade had a protective stop'
      : `only ${stopped} of ${trades.length} trades had a protective stop`,
  );
}
