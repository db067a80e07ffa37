import { chargeLines, type ExecutedOrder } from '../../domain/charges.ts';
import { InvariantError } from '../../domain/errors.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Rulebook } from '../../domain/rulebook.ts';
import type { ZerodhaCharges } from '../../domain/zerodha-charges.ts';

/** Charges of one order as Kite's charges API lists them. Rupees, not rounded. */
export interface KiteCharges {
  readonly transaction_tax: number;
  readonly transaction_tax_type: string;
  readonly exchange_turnover_charge: number;
  readonly sebi_turnover_charge: number;
  readonly brokerage: number;
  readonly stamp_duty: number;
  readonly gst: {
    readonly igst: number;
    readonly cgst: number;
    readonly sgst: number;
    readonly total: number;
  };
  readonly total: number;
}

export const noCharges: KiteCharges = {
  transaction_tax: 0,
  transaction_tax_type: '',
  exchange_turnover_charge: 0,
  sebi_turnover_charge: 0,
  brokerage: 0,
  stamp_duty: 0,
  gst: { igst: 0, cgst: 0, sgst: 0, total: 0 },
  total: 0,
};

/** Zerodha's price list out of the rulebook, with the order-by-order view that Kite's API shows. */
export function priceListOf(rulebook: Rulebook): ZerodhaCharges {
  const model = rulebook.charges('zerodha');
  if (isPriceList(model)) return model;
  throw new InvariantError(
    'BUG_CHARGES',
    'The rulebook has no price list of Zerodha that answers order by order.',
    'Report this as a bug.',
  );
}

/** Kite has no line for IPFT, which stands with the exchange's charge there, and leaves the depository's fee to the statement. */
export function kiteCharges(
  model: ZerodhaCharges,
  instrument: Instrument,
  dayNumber: number,
  order: ExecutedOrder,
): KiteCharges {
  const paise = model.unroundedCharges(instrument, dayNumber, order);
  const rupees = (line: (typeof chargeLines)[number]) => paise[chargeLines.indexOf(line)] / 100;
  const gst = rupees('gst');
  const charges = {
    transaction_tax: rupees('stt'),
    transaction_tax_type: instrument.rules === 'MCX' ? 'ctt' : 'stt',
    exchange_turnover_charge: rupees('exchange') + rupees('ipft'),
    sebi_turnover_charge: rupees('sebi'),
    brokerage: rupees('brokerage'),
    stamp_duty: rupees('stamp'),
    gst: { igst: gst, cgst: 0, sgst: 0, total: gst },
  };
  const { transaction_tax, exchange_turnover_charge, sebi_turnover_charge, brokerage, stamp_duty } = charges;
  const total =
    transaction_tax + exchange_turnover_charge + sebi_turnover_charge + brokerage + stamp_duty + gst;
  return { ...charges, total };
}

function isPriceList(model: object): model is ZerodhaCharges {
  return 'unroundedCharges' in model;
}
