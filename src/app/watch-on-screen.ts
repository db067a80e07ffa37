import { systemClock } from '../adapters/system/system-clock.ts';
import type { QuotePage } from '../reports/quote-text.ts';
import { quoteDoor } from './kite-doors.ts';
import type { OpenContext } from './open-context.ts';
import { kitePriceStream } from './price-stream.ts';
import { type Paintable, repainting } from './repaint.ts';
import { type WatchedPage, type WatchRequest, watchQuotes } from './watch-quotes.ts';

/** A person reads no more than four pages a second; a log wants fewer. */
const paintMs = 250;

/** `--watch`: pages painted over each other on a terminal, lines elsewhere. */
export function watchOnScreen(
  context: OpenContext,
  request: WatchRequest,
  drawn: (page: WatchedPage) => { readonly screen: string; readonly lines: string },
): Promise<QuotePage> {
  const stream: Paintable = process.stdout;
  const paint = repainting(stream);
  let told: string | undefined;
  return watchQuotes(
    context,
    request,
    {
      door: quoteDoor(context),
      stream: kitePriceStream,
      clock: systemClock,
      ...(stream.isTTY === true && { pageMs: paintMs }),
    },
    (page) => {
      // A page that is painted says it itself; a line elsewhere would scroll it away.
      if (stream.isTTY !== true && page.trouble !== told)
        context.output.warn(page.trouble ?? 'The price stream is back.');
      told = page.trouble;
      paint(drawn(page));
    },
  );
}
