import type { DataImportResult } from '../../app/data-import.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class DataImport extends AlgoCommand<DataImportResult> {
  static override summary =
    'price files into the history: CSV, Kite exports, bhavcopies, Parquet, gz and zip, folders';
  static override description =
    `Layouts are recognised by content, all files of one call are saved or none. Bars are stored with the instant at
which they open; a file that stamps their ends needs --stamps end. A folder of more than 250 files is checked as a whole,
then saved a million bars at a time, oldest first; if that is interrupted, the same command again finishes it. A smaller
import that is interrupted has stored nothing, and the same command starts it over.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> INFY.csv --as NSE:INFY',
    '<%= config.bin %> <%= command.id %> bhavcopies/ --from 2024-01-01 --symbols INFY,TCS',
    '<%= config.bin %> <%= command.id %> NIFTY_2021.txt --exchange NSE --stamps end',
    '<%= config.bin %> <%= command.id %> goog.csv --as TEST:GOOG --calendar none --time-zone America/New_York',
    '<%= config.bin %> <%= command.id %> prices.csv --as NSE:INFY --columns time=Date,close=Last --dry-run',
  ];
  static override strict = false;
  static override args = { path: Args.string({ description: 'files and folders', required: true }) };
  static override flags = {
    as: Flags.string({ description: 'instrument of all rows, EXCHANGE:SYMBOL' }),
    exchange: Flags.string({ description: 'exchange of the symbols in rows or file names' }),
    timeframe: Flags.string({ char: 'i', description: 'length of the bars; else found from their spacing' }),
    format: Flags.string({
      description:
        'csv, text, kite-json, nse-bhavcopy, nse-udiff, nse-full, nse-index, nse-fo, nse-pr, bse-eq, mcx or parquet; else by content',
    }),
    columns: Flags.string({
      description: 'which column is what: time=Date,close=Last; by position where there are no headers',
    }),
    'date-format': Flags.string({
      description: 'order of dates that could be read two ways: DD-MM-YYYY, M/D/YYYY, …',
    }),
    stamps: Flags.option({
      options: ['start', 'end'] as const,
      default: 'start' as const,
      description: 'do stamps name the start or the end of bars',
    })(),
    'time-zone': Flags.string({ default: 'Asia/Kolkata', description: 'zone of stamps that name none' }),
    calendar: Flags.string({ description: 'market whose rules apply, or none; else by exchange' }),
    kind: Flags.option({
      options: ['EQ', 'INDEX', 'FUT', 'CE', 'PE'] as const,
      description: 'kind of instrument; else by name or row',
    })(),
    tick: Flags.string({ description: 'smallest price step in rupees, 0 for any price' }),
    lot: Flags.string({ description: 'units in a lot' }),
    expiry: Flags.string({ description: 'expiry of the contract, YYYY-MM-DD' }),
    strike: Flags.string({ description: 'strike of the option in rupees' }),
    series: Flags.string({ description: 'cash series to keep, comma-separated; EQ,BE unless given' }),
    symbols: Flags.string({ description: 'symbols to keep, comma-separated' }),
    from: Flags.string({ description: 'first day to keep, YYYY-MM-DD' }),
    to: Flags.string({ description: 'last day to keep, YYYY-MM-DD' }),
    'dry-run': Flags.boolean({ default: false, description: 'read and check, save nothing' }),
    'keep-going': Flags.boolean({
      default: false,
      description: 'save good files even if others are bad; exit code 5 then',
    }),
    'skip-bad-rows': Flags.boolean({
      default: false,
      description: 'leave out rows that cannot be right, and count them',
    }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<DataImportResult> {
    const { argv, flags } = await this.parse(DataImport);
    const { runDataImport } = await import('../../app/run-data-import.ts');
    const result = await runDataImport(context, {
      ...flags,
      paths: argv.map(String),
      dateFormat: flags['date-format'],
      timeZone: flags['time-zone'],
      dryRun: flags['dry-run'],
      keepGoing: flags['keep-going'],
      skipBadRows: flags['skip-bad-rows'],
    });
    if (result.files.failed.length > 0) {
      const { exitCodes } = await import('../../domain/errors.ts');
      process.exitCode = exitCodes.data;
    }
    return result;
  }

  protected async text(result: DataImportResult): Promise<string> {
    const { dataImportText } = await import('../../reports/data-import-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return dataImportText(result, screenOf(process.stdout, process.env));
  }
}
