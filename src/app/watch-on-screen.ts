import { systemClock } from '../adapters/system/system-clock.ts';
import { quoteDoor } from './kite-doors.ts';
import type { OpenContext } from './open-context.ts';
import { type QuotePage, type QuoteRequest, watchQuotes } from './quote.ts';
import { repainting } from './repaint.ts';

/** `--watch`: pages painted over each other on a terminal, lines elsewhere. */
export function watchOnScreen(
  context: OpenContext,
  request: QuoteRequest & { readonly count: number | undefined },
  drawn: (page: QuotePage) => { readonly screen: string; readonly lines: string },
): Promise<QuotePage> {
  const paint = repainting(process.stdout);
  return watchQuotes(context, request, { door: quoteDoor(context), clock: systemClock }, (page) =>
    paint(drawn(page)),
  );
}
