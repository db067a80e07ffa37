import { z } from 'zod';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const window = z.string().regex(/^\d{2}:\d{2}-\d{2}:\d{2}$/);

/** What `algo calendar --json` prints. Clock times are India's. */
export const calendarPageSchema = z.strictObject({
  date: day,
  weekday: z.string(),
  exchange: z.string(),
  open: z.boolean(),
  /** Muhurat, Union Budget, …; absent on an ordinary day. */
  session: z.string().optional(),
  /** Absent on a day without a holiday. */
  holiday: z.string().optional(),
  previous: day,
  next: day.optional(),
  /** One entry for each kind of instrument with hours of its own; empty when closed. */
  hours: z.array(
    z.strictObject({
      segment: z.string(),
      windows: z.array(window),
      preopen: window.optional(),
      closingAuction: window.optional(),
      postClose: window.optional(),
      /** When Zerodha closes MIS positions. */
      squareOff: z.string(),
    }),
  ),
});
export type CalendarPage = z.infer<typeof calendarPageSchema>;

/** What `algo calendar --expiries NIFTY --json` prints. */
export const expiryPageSchema = z.strictObject({
  underlying: z.string(),
  from: day,
  to: day,
  expiries: z.array(
    z.strictObject({
      date: day,
      weekday: z.string(),
      kind: z.enum(['weekly', 'monthly']),
      /** The weekday rule's own day when a holiday moved the expiry. */
      shiftedFrom: day.optional(),
    }),
  ),
});
export type ExpiryPage = z.infer<typeof expiryPageSchema>;
