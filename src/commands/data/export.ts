import type { ExportResult } from '../../app/data-export.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class DataExport extends AlgoCommand<ExportResult> {
  static override summary = 'stored bars into CSV, Parquet or a folder of Parquet';
  static override description =
    `Columns: symbol, timeframe, time with +05:30, open, high, low, close, volume. What is written can be imported again.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> NSE:INFY --timeframe 15m --to infy.csv',
    '<%= config.bin %> <%= command.id %> all --from 2024-01-01 --to 2024-12-31 --to bars.parquet',
    '<%= config.bin %> <%= command.id %> all --to bars/ --partition',
  ];
  static override strict = false;
  static override args = { symbols: Args.string({ description: 'instruments; all unless named' }) };
  static override flags = {
    to: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      required: true,
      description: 'file .csv or .parquet, or folder/; a date here is the last day, YYYY-MM-DD',
    }),
    timeframe: Flags.string({ char: 'i', description: 'only series of this timeframe' }),
    from: Flags.string({ description: 'first day, YYYY-MM-DD' }),
    partition: Flags.boolean({ default: false, description: 'a folder for each symbol and timeframe' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<ExportResult> {
    const { argv, flags } = await this.parse(DataExport);
    const { exportData } = await import('../../app/data-export.ts');
    const { historyFileOf, historyOf } = await import('../../app/open-history.ts');
    const parts = { store: historyOf(context), file: historyFileOf(context) };
    return exportData(parts, { ...flags, symbols: argv.map(String) });
  }

  protected text({ bars, series, target }: ExportResult): string {
    return `Wrote ${bars} bars of ${series.length} series to ${target}`;
  }
}
