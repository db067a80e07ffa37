import type { BackfillRequest } from '../app/backfill.ts';
import type { OpenContext } from '../app/open-context.ts';
import type { BackfillPage } from '../reports/backfill-text.ts';
import type { ImportSummary } from '../reports/data-import-text.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class Backfill extends AlgoCommand<BackfillPage | ImportSummary> {
  static override summary = 'missing bars into the history, from Kite, Yahoo or files';
  static override description =
    `Asks only for what is neither stored nor known not to exist, saves each answer at once, and can be ended and run again at any
moment. A few stored days are read again; a series whose prices were adjusted since is fetched anew. docs/backfill.md has the rules.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> NSE:INFY -i 1m,day --from 2024-01-01',
    '<%= config.bin %> <%= command.id %> NSE:INFY NSE:TCS -i 5m --days 30 --dry-run',
    '<%= config.bin %> <%= command.id %> NFO:NIFTY -i day --from 2020-01-01 --continuous',
    '<%= config.bin %> <%= command.id %> NSE:INFY -i day --from 2010-01-01 --source yahoo',
    '<%= config.bin %> <%= command.id %> INFY.csv --as NSE:INFY --source csv',
  ];
  static override strict = false;
  static override flags = {
    timeframe: Flags.string({ char: 'i', description: 'bars, comma-separated: 1m,5m,day; else day' }),
    from: Flags.string({ description: 'first day, YYYY-MM-DD; else a year back' }),
    to: Flags.string({ description: 'last day, YYYY-MM-DD; else today' }),
    days: Flags.integer({ min: 1, description: 'so many days up to the last, instead of --from' }),
    source: Flags.option({
      options: ['kite', 'yahoo', 'csv'] as const,
      default: 'kite' as const,
      description: 'where bars come from; csv takes files instead of symbols',
    })(),
    continuous: Flags.boolean({
      default: false,
      description: 'day candles of all futures of an underlying, one after the other',
    }),
    account: Flags.string({ description: 'Kite account whose session is used' }),
    'dry-run': Flags.boolean({
      default: false,
      description: 'say how many requests it takes, fetch nothing',
    }),
    force: Flags.boolean({ default: false, description: 'ask again for days that are here already' }),
    as: Flags.string({ description: 'with --source csv: instrument of all rows' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<BackfillPage | ImportSummary> {
    const { argv, flags } = await this.parse(Backfill);
    const words = argv.map(String);
    const dryRun = flags['dry-run'];
    if (flags.source === 'csv') {
      const { runDataImport } = await import('../app/run-data-import.ts');
      const { timeframe, from, to, as } = flags;
      return runDataImport(context, { paths: words, timeframe, from, to, as, dryRun });
    }
    const request = { ...flags, words, timeframe: flags.timeframe ?? 'day', dryRun };
    const page = await this.#fetched(context, request);
    process.exitCode = page.exitCode;
    return page;
  }

  async #fetched(context: OpenContext, request: BackfillRequest & { source: string }): Promise<BackfillPage> {
    if (request.source === 'yahoo') {
      const { backfillFromYahoo } = await import('../app/backfill.ts');
      return backfillFromYahoo(context, request);
    }
    const { backfillFromKite } = await import('../app/backfill-kite.ts');
    return backfillFromKite(context, request);
  }

  protected async text(result: BackfillPage | ImportSummary): Promise<string> {
    const { screenOf } = await import('../reports/screen.ts');
    const screen = screenOf(process.stdout, process.env);
    if ('files' in result) {
      const { dataImportText } = await import('../reports/data-import-text.ts');
      return dataImportText(result, screen);
    }
    const { backfillText } = await import('../reports/backfill-text.ts');
    return backfillText(result, screen);
  }
}
