import type { AnalyzedBook } from '../app/analyze.ts';
import type { OpenContext } from '../app/open-context.ts';
import type { AnalysisDocument } from '../reports/analysis-json.ts';
import type { SqlAnswer } from '../reports/data-sql-text.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class Analyze extends AlgoCommand<AnalysisDocument | SqlAnswer> {
  static override summary =
    'what a backtest, a paper session or a live one earned, where it came from, and what to look at';
  static override description =
    `Attribution by any of strategy, symbol, direction, product, exit, tag, hour, weekday, month, holding, regime, expiry, mode and stream;
how far trades went for and against; holding times; the deepest falls; refused signals; turnover by financial year. Sums agree to the
paisa. Without --mode, --stream or --run it takes the newest kept backtest; --mode all takes the journals and says what they lost
against the backtest, trade by trade. Can be run while sessions trade.
--sql answers one SELECT over the tables of docs/journal.md and the kept backtests, read-only.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --run last --by symbol --by hour --from 2026-01-01',
    '<%= config.bin %> <%= command.id %> --mode paper --stream main --breakdown day',
    '<%= config.bin %> <%= command.id %> --mode all --by tag --csv trades.csv',
    '<%= config.bin %> <%= command.id %> --sql "select symbol, sum(pnl) from trades group by symbol"',
    '<%= config.bin %> <%= command.id %> --export trades.csv --html report.html',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    run: Flags.string({ description: 'id of a kept run or a session, beginning of an id, or last' }),
    mode: Flags.string({ options: ['backtest', 'paper', 'live', 'all'], description: 'whose trades' }),
    stream: Flags.string({ description: 'sessions of one stream' }),
    by: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'what trades are told apart by; repeatable',
    }),
    from: Flags.string({ description: 'first day of exits, YYYY-MM-DD' }),
    to: Flags.string({ description: 'last day of exits, YYYY-MM-DD, included' }),
    strategy: Flags.string({
      char: 's',
      multiple: true,
      multipleNonGreedy: true,
      description: 'only trades of it; repeatable',
    }),
    symbol: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'only trades of it; repeatable',
    }),
    breakdown: Flags.string({ options: ['day', 'week', 'month'], description: 'a table by period' }),
    benchmark: Flags.string({ description: 'compare with holding it: "NSE:NIFTY 50"' }),
    sql: Flags.string({ description: 'one SELECT instead of the report', helpValue: '"select …"' }),
    limit: Flags.integer({ default: 10_000, min: 1, max: 1_000_000, description: 'rows of --sql at most' }),
    csv: Flags.string({ description: 'write the trades that count to a .csv file' }),
    parquet: Flags.string({ description: 'write them to a .parquet file' }),
    export: Flags.string({ description: 'write the trades that count to a .csv or .json file' }),
    html: Flags.string({ description: 'write the whole run as one offline page with charts' }),
    open: Flags.boolean({ default: false, description: 'show the page of --html in the browser' }),
  };

  #analyzed: AnalyzedBook | undefined;
  #answer: SqlAnswer | undefined;

  protected async execute(context: OpenContext): Promise<AnalysisDocument | SqlAnswer> {
    const { flags } = await this.parse(Analyze);
    const { periods } = await import('../research/breakdown.ts');
    if (flags.sql !== undefined) {
      const { analyzeSql } = await import('../app/analyze-sql.ts');
      this.#answer = await analyzeSql(context, { ...flags, sql: flags.sql });
      return this.#answer;
    }
    const { analyze } = await import('../app/analyze.ts');
    const { exportAnalysis } = await import('../app/export-analysis.ts');
    const { analysisDocument } = await import('../reports/analysis-json.ts');
    const { csv, parquet, open } = flags;
    const write = exportAnalysis(context, { trades: flags.export, csv, parquet, page: flags.html, open });
    this.#analyzed = await analyze(context, {
      ...flags,
      breakdown: periods.find((period) => period === flags.breakdown),
      by: flags.by ?? [],
      strategies: flags.strategy ?? [],
      symbols: flags.symbol ?? [],
    });
    await write(this.#analyzed);
    return analysisDocument(this.#analyzed);
  }

  protected async text(): Promise<string> {
    const { screenOf } = await import('../reports/screen.ts');
    const screen = screenOf(process.stdout, process.env);
    if (this.#answer) {
      const { dataSqlText } = await import('../reports/data-sql-text.ts');
      return dataSqlText(this.#answer, screen);
    }
    if (!this.#analyzed) return '';
    const { analysisText } = await import('../reports/analysis-text.ts');
    return analysisText(this.#analyzed, screen);
  }
}
