import type { ClosedTrade } from '../../domain/run-result.ts';

/** How good each part of a trade was, 0 to 1; undefined where it cannot be told. */
export interface TradeScore {
  /** How far the market went for the trade against what it put at risk: 0.5 when as far. Without a stop, against a day range. */
  readonly setup: number | undefined;
  /** Share of the whole way between the worst and the best mark that lay on the trade's side of its entry: 1 never looked back. */
  readonly timing: number | undefined;
  /** Share of the best mark that the exit kept; 0 when it gave back all or more. */
  readonly exit: number | undefined;
  /** Share of the best mark that charges left. */
  readonly cost: number | undefined;
  /** Mean of the parts that can be told. */
  readonly total: number | undefined;
}

/** `dayRange` is the instrument's at the entry, rupees; NaN where it is not known. */
export function scoreOf(trade: ClosedTrade, dayRange: number): TradeScore {
  const { favourable, adverse, quantity, grossPaise, chargesPaise, riskPaise } = trade;
  const risk = riskPaise !== undefined && riskPaise > 0 ? riskPaise / 100 / quantity : dayRange;
  const best = favourable * quantity * 100;
  const parts = {
    setup: shareOf(favourable, favourable + risk),
    timing: shareOf(favourable, favourable + adverse),
    exit: best > 0 ? shareOf(grossPaise, best) : undefined,
    cost: best > 0 ? shareOf(best - chargesPaise, best) : 0,
  };
  const known = Object.values(parts).filter((part) => part !== undefined);
  const total = known.length === 0 ? undefined : known.reduce((sum, part) => sum + part, 0) / known.length;
  return { ...parts, total };
}

/** Between 0 and 1; undefined where there is nothing to take a share of. */
function shareOf(part: number, whole: number): number | undefined {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : undefined;
}
