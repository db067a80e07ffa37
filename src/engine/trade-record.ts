import { assert } from '../domain/errors.ts';
import { toPaise } from '../domain/money.ts';
import { type ExitReason, exitReasons, orderTypes } from '../domain/order.ts';
import type { ClosedTrade, HeldTrade } from '../domain/run-result.ts';
import type { OpenTrade } from './open-trade.ts';
import type { StrategyRun } from './strategy-run.ts';

const width = 22;
const pieceRows = 256;

/**
 * Finished round trips as rows of numbers. Objects for thousands of trades, alive until the end of a run, would cost more in
 * garbage collection than the run itself; they are made when somebody reads them.
 */
export class TradeRecord {
  length = 0;
  /** Memory by the piece, since what is copied while it grows is touched twice. */
  private readonly pieces: Float64Array[] = [];
  private readonly runs: StrategyRun[] = [];
  private readonly notes = new Map<number, string>();

  push(trade: OpenTrade): void {
    const at = (this.length % pieceRows) * width;
    if (at === 0) this.pieces.push(new Float64Array(pieceRows * width));
    const rows = this.pieces[this.pieces.length - 1];
    const note = noteOf(trade);
    if (note !== undefined) this.notes.set(this.length, note);
    this.length += 1;
    const { direction, entryPrice } = trade;
    rows[at] = trade.id;
    rows[at + 1] = direction;
    rows[at + 2] = trade.entered;
    rows[at + 3] = trade.entryTime;
    rows[at + 4] = entryPrice;
    rows[at + 5] = trade.exitTime;
    rows[at + 6] = trade.exitPrice;
    rows[at + 7] = direction * (trade.exitValuePaise - trade.entryValuePaise);
    rows[at + 8] = trade.chargesPaise;
    rows[at + 9] = trade.riskPerUnit * trade.entered;
    rows[at + 10] = reasonPlace(reasonOf(trade));
    rows[at + 11] = trade.exitIndex - trade.entryIndex;
    rows[at + 12] = Math.max(0, direction > 0 ? entryPrice - trade.lowest : trade.highest - entryPrice);
    rows[at + 13] = Math.max(0, direction > 0 ? trade.highest - entryPrice : entryPrice - trade.lowest);
    rows[at + 14] = trade.entryOrder;
    rows[at + 15] = trade.exitOrder;
    rows[at + 16] = this.placeOf(trade.run);
    rows[at + 17] = firstLevel(trade, 'stop');
    rows[at + 18] = firstLevel(trade, 'target');
    rows[at + 19] = trade.entryDecision;
    rows[at + 20] = trade.exitDecision;
    // Two places in one number, of four types each.
    rows[at + 21] = 4 * orderTypes.indexOf(trade.entryType) + orderTypes.indexOf(trade.exitType);
  }

  private placeOf(run: StrategyRun): number {
    const { runs } = this;
    for (let place = 0; place < runs.length; place++) if (runs[place] === run) return place;
    return runs.push(run) - 1;
  }

  /** In order of entry; of all, or of those recorded from a row on. */
  trades(from = 0): readonly ClosedTrade[] {
    return Array.from({ length: this.length - from }, (_, row) => this.tradeAt(from + row)).sort(
      (a, b) => a.id - b.id,
    );
  }

  private tradeAt(row: number): ClosedTrade {
    const at = (row % pieceRows) * width;
    const rows = this.pieces[Math.floor(row / pieceRows)];
    const run = this.runs[rows[at + 16]];
    const note = this.notes.get(row);
    const risk = rows[at + 9];
    const stop = rows[at + 17];
    const target = rows[at + 18];
    const entryDecision = rows[at + 19];
    const exitDecision = rows[at + 20];
    return {
      id: rows[at],
      strategy: run.name,
      key: run.slot.instrument.key,
      direction: rows[at + 1] > 0 ? 'LONG' : 'SHORT',
      product: run.product,
      quantity: rows[at + 2],
      entryTime: rows[at + 3],
      entryPrice: rows[at + 4],
      exitTime: rows[at + 5],
      exitPrice: rows[at + 6],
      grossPaise: rows[at + 7],
      chargesPaise: rows[at + 8],
      ...(Number.isNaN(risk) ? {} : { riskPaise: toPaise(risk) }),
      ...(Number.isNaN(stop) ? {} : { stop }),
      ...(Number.isNaN(target) ? {} : { target }),
      exitReason: exitReasons[rows[at + 10]],
      bars: rows[at + 11],
      adverse: rows[at + 12],
      favourable: rows[at + 13],
      entryOrder: rows[at + 14],
      exitOrder: rows[at + 15],
      entryType: orderTypes[rows[at + 21] >> 2],
      exitType: orderTypes[rows[at + 21] & 3],
      ...(Number.isNaN(entryDecision) ? {} : { entryDecision }),
      ...(Number.isNaN(exitDecision) ? {} : { exitDecision }),
      ...(note === undefined ? {} : { note }),
    };
  }
}

/** A trade under way as it stands now; its stop is where it was first placed. */
export function heldTrade(trade: OpenTrade): HeldTrade {
  const stop = firstLevel(trade, 'stop');
  const target = firstLevel(trade, 'target');
  return {
    id: trade.id,
    strategy: trade.run.name,
    key: trade.run.slot.instrument.key,
    direction: trade.direction > 0 ? 'LONG' : 'SHORT',
    product: trade.product,
    quantity: trade.open,
    entryTime: trade.entryTime,
    entryPrice: trade.entryPrice,
    ...(Number.isNaN(stop) ? {} : { stop }),
    ...(Number.isNaN(target) ? {} : { target }),
    ...(trade.note === undefined ? {} : { note: trade.note }),
    entryOrder: trade.entryOrder,
  };
}

/** Where the first stop or target of a trade was placed, rupees; NaN without one. */
function firstLevel({ orders }: OpenTrade, purpose: 'stop' | 'target'): number {
  for (let i = 0; i < orders.length; i++) {
    const { purpose: itsOwn, intent } = orders[i];
    if (itsOwn === purpose) return purpose === 'stop' ? intent.trigger : intent.price;
  }
  return Number.NaN;
}

function reasonPlace(reason: ExitReason): number {
  let place = exitReasons.length - 1;
  while (exitReasons[place] !== reason) place--;
  return place;
}

/** The strategy's words for entry and exit, where it gave any. */
function noteOf({ note, exitNote }: OpenTrade): string | undefined {
  return note !== undefined && exitNote !== undefined ? `${note}; ${exitNote}` : (note ?? exitNote);
}

function reasonOf({ exitRole, trailed }: OpenTrade): ExitReason {
  assert(exitRole !== 'entry', 'a trade is closed by an exit');
  return exitRole === 'stop' && trailed ? 'trail' : exitRole;
}
