import type { AnalyzedRun } from '../app/analyze.ts';
import type { OpenContext } from '../app/open-context.ts';
import type { AnalysisDocument } from '../reports/analysis-json.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class Analyze extends AlgoCommand<AnalysisDocument> {
  static override summary = 'what a kept backtest earned, where it came from, and what to look at';
  static override description =
    `Attribution by any of strategy, symbol, direction, product, exit, tag, hour, weekday, month and holding; how far trades
went for and against; holding times; the deepest falls; refused signals; turnover by financial year. Sums agree to the paisa.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --run last --by symbol --by hour --from 2026-01-01',
    '<%= config.bin %> <%= command.id %> --export trades.csv --html report.html',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    run: Flags.string({ default: 'last', description: 'id of a kept run, beginning of an id, or last' }),
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
    export: Flags.string({ description: 'write the trades that count to a .csv or .json file' }),
    html: Flags.string({ description: 'write the whole run as one offline page with charts' }),
    open: Flags.boolean({ default: false, description: 'show the page of --html in the browser' }),
  };

  #analyzed: AnalyzedRun | undefined;

  protected async execute(context: OpenContext): Promise<AnalysisDocument> {
    const { flags } = await this.parse(Analyze);
    const { analyze } = await import('../app/analyze.ts');
    const { exportAnalysis } = await import('../app/export-analysis.ts');
    const { analysisDocument } = await import('../reports/analysis-json.ts');
    const files = { trades: flags.export, page: flags.html, open: flags.open };
    const write = exportAnalysis(context, files);
    this.#analyzed = analyze(context, {
      ...flags,
      by: flags.by ?? [],
      strategies: flags.strategy ?? [],
      symbols: flags.symbol ?? [],
    });
    await write(this.#analyzed);
    const { run, analysis } = this.#analyzed;
    return analysisDocument(run.id, run.saved.document.run.synthetic, analysis);
  }

  protected async text(document: AnalysisDocument): Promise<string> {
    const { analysisText } = await import('../reports/analysis-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    if (!this.#analyzed) return '';
    const { run, analysis } = this.#analyzed;
    const { header } = run.outcome;
    const head = [
      `Run ${run.id} of ${header.strategies.map(({ name }) => name).join(', ')} on ${header.timeframe} bars, saved ${run.saved.savedAt.slice(0, 16).replace('T', ' ')}`,
      ...(document.synthetic ? ['Synthetic prices, not real.'] : []),
    ];
    return analysisText(head, analysis, screenOf(process.stdout, process.env));
  }
}
