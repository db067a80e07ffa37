import { decimalOf } from '../domain/money.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { isoInstant } from '../domain/time.ts';
import { slippageOf } from '../research/analysis/slippage.ts';
import { netOf, returnPercentOf } from '../research/trade-statistics.ts';
import type { TradeDocument } from './backtest-schema.ts';
import { priceText, rounded } from './format.ts';

/** A round trip as JSON and CSV show it: money and prices as decimal strings, times in India. */
export function tradeRow(trade: ClosedTrade): TradeDocument {
  const slippage = slippageOf(trade);
  return {
    id: trade.id,
    strategy: trade.strategy,
    instrument: trade.key,
    side: trade.direction === 'LONG' ? 'BUY' : 'SELL',
    product: trade.product,
    quantity: trade.quantity,
    entryTime: isoInstant(trade.entryTime),
    entryPrice: priceText(trade.entryPrice),
    exitTime: isoInstant(trade.exitTime),
    exitPrice: priceText(trade.exitPrice),
    gross: decimalOf(trade.grossPaise),
    charges: decimalOf(trade.chargesPaise),
    net: decimalOf(netOf(trade)),
    returnPercent: finite(returnPercentOf(trade)),
    exitReason: trade.exitReason,
    note: trade.note ?? null,
    bars: trade.bars,
    adverse: priceText(trade.adverse),
    favourable: priceText(trade.favourable),
    risk: trade.riskPaise === undefined ? null : decimalOf(trade.riskPaise),
    stop: trade.stop === undefined ? null : priceText(trade.stop),
    target: trade.target === undefined ? null : priceText(trade.target),
    entryType: trade.entryType ?? null,
    entryDecision: trade.entryDecision === undefined ? null : priceText(trade.entryDecision),
    exitType: trade.exitType ?? null,
    exitDecision: trade.exitDecision === undefined ? null : priceText(trade.exitDecision),
    slippage: slippage === undefined ? null : decimalOf(slippage),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? rounded(value) : null;
}
