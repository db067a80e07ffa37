import { z } from 'zod';

const money = z.string().regex(/^-?\d+\.\d{2}$/);

/** The charges of one day's tariff. Money is decimal rupees. */
const dayChargesSchema = z.strictObject({
  date: z.string(),
  lines: z.strictObject({
    brokerage: money,
    stt: money,
    exchange: money,
    ipft: money,
    sebi: money,
    stamp: money,
    gst: money,
    dp: money,
  }),
  total: money,
  percentOfTurnover: z.number(),
  /** What a round trip from the price must gain, rupees a unit, to pay for itself. */
  breakevenMove: z.number(),
  breakevenPercent: z.number(),
  /** Rates in use that nobody has checked. */
  unverified: z.array(z.string()),
});
export type DayCharges = z.infer<typeof dayChargesSchema>;

/** What `algo charges --json` prints. */
export const chargesPageSchema = z.strictObject({
  segment: z.string(),
  exchange: z.string(),
  underlying: z.string().optional(),
  side: z.enum(['BUY', 'SELL', 'BOTH']),
  quantity: z.number(),
  price: z.number(),
  /** Of the closing order when side is BOTH. */
  exitPrice: z.number().optional(),
  turnover: money,
  /** One entry, or one for each compared day. */
  days: z.array(dayChargesSchema),
  notes: z.array(z.string()),
});
export type ChargesPage = z.infer<typeof chargesPageSchema>;
