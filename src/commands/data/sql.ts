import type { OpenContext } from '../../app/open-context.ts';
import type { SqlAnswer } from '../../reports/data-sql-text.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class DataSql extends AlgoCommand<SqlAnswer> {
  static override summary = 'one SELECT over the history, read-only';
  static override description =
    `Tables: bars (key, timeframe, time, open, high, low, close, volume), instruments, series. Times are India time.
Nothing but the history can be read and nothing can be written; a query may take 1 GB of memory.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> "select key, count(*) as bars from bars group by key"',
    '<%= config.bin %> <%= command.id %> "select * from bars where key = \'NSE:INFY\'" --csv --limit 1000',
  ];
  static override args = { query: Args.string({ description: 'the SELECT', required: true }) };
  static override flags = {
    csv: Flags.boolean({ default: false, description: 'CSV with a header', exclusive: ['json'] }),
    limit: Flags.integer({ default: 10_000, min: 1, max: 1_000_000, description: 'rows at most' }),
  };

  #csv = false;

  protected async execute(context: OpenContext): Promise<SqlAnswer> {
    const { args, flags } = await this.parse(DataSql);
    this.#csv = flags.csv;
    const { dataSql } = await import('../../app/data-sql.ts');
    const { historyFileOf, historyOf } = await import('../../app/open-history.ts');
    return dataSql({ store: historyOf(context), file: historyFileOf(context) }, args.query, flags.limit);
  }

  protected async text(answer: SqlAnswer): Promise<string> {
    const { dataSqlCsv, dataSqlText } = await import('../../reports/data-sql-text.ts');
    if (this.#csv) return dataSqlCsv(answer);
    const { screenOf } = await import('../../reports/screen.ts');
    return dataSqlText(answer, screenOf(process.stdout, process.env));
  }
}
