import type { DataList } from '../../app/data-list.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { isIntraday, type Timeframe } from '../../domain/timeframe.ts';
import { AlgoCommand } from '../base-command.ts';

export default class DataListCommand extends AlgoCommand<DataList> {
  static override summary = 'what the price history holds';
  static override description = 'One line per instrument and timeframe. Dates and times are India time.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  protected async execute(context: OpenContext): Promise<DataList> {
    const { historyOf } = await import('../../app/open-history.ts');
    const { dataList } = await import('../../app/data-list.ts');
    return dataList(historyOf(context));
  }

  protected async text({ series }: DataList): Promise<string> {
    const { tableText } = await import('../../reports/table.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    const interest = series.some(({ openInterest }) => openInterest);
    const invented = series.some(({ synthetic }) => synthetic);
    return tableText(
      {
        columns: [
          ...['symbol', 'kind', 'timeframe', 'bars', 'from', 'to', 'days', 'prices', 'price step'],
          ...(interest ? ['oi'] : []),
        ],
        rows: series.map((row) => [
          row.symbol,
          row.kind,
          row.timeframe,
          row.bars,
          stampOf(row.from, row.timeframe),
          stampOf(row.to, row.timeframe),
          row.days,
          row.synthetic ? 'synthetic' : 'imported',
          row.priceStep ?? 'unscaled',
          ...(interest ? [row.openInterest ? 'yes' : ''] : []),
        ]),
        ...(invented && { notes: ['Synthetic prices are invented, not real.'] }),
        empty:
          'The history is empty. Run: algo data import <file> --as NSE:INFY, or algo data generate for invented prices.',
      },
      screenOf(process.stdout, process.env),
    );
  }
}

/** Minutes of intraday bars, days of longer ones. */
function stampOf(instant: string, timeframe: Timeframe): string {
  return isIntraday(timeframe) ? instant.slice(0, 16).replace('T', ' ') : instant.slice(0, 10);
}
