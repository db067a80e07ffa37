import { notesOf, titleOf } from './broker-text.ts';
import { countText } from './format.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

interface Page {
  readonly account: string;
  readonly userId: string;
  readonly sandbox: boolean;
  readonly streams: readonly string[];
  readonly rows: readonly {
    readonly symbol: string;
    readonly product: string;
    readonly journal: number;
    readonly broker: number;
    readonly holdings: number | null;
    readonly state: string;
  }[];
  readonly strays: readonly { readonly orderId: string; readonly symbol: string; readonly status: string }[];
  readonly open: number;
  readonly mismatches: number;
}

export function reconcileText(page: Page, screen: Screen): string {
  const { streams, open, mismatches } = page;
  return tableText(
    {
      title: titleOf('Journal and broker', page),
      columns: ['instrument', 'product', 'journal', 'broker', { title: 'holdings', optional: true }, 'state'],
      rows: page.rows.map((row) => [
        row.symbol,
        row.product,
        countText(row.journal),
        countText(row.broker),
        row.holdings === null ? undefined : countText(row.holdings),
        row.state,
      ]),
      empty: 'Nothing is held, by the journals and by the broker.',
      notes: [
        streams.length === 0
          ? 'No live session has run in this home.'
          : `Live streams: ${streams.join(', ')}.`,
        ...page.strays.map(
          ({ orderId, symbol, status }) =>
            `Order ${orderId} in ${symbol} (${status}) carries the mark of a stream whose journal does not know it.`,
        ),
        ...(open > 0
          ? [`${open} orders have not ended by the journals; a difference may be news on its way.`]
          : []),
        mismatches === 0
          ? 'They agree.'
          : `${mismatches} differences. Look at algo orders and algo positions; nothing was changed.`,
        ...notesOf(page),
      ],
    },
    screen,
  );
}
