import type { OpenContext } from '../app/open-context.ts';
import { UsageError } from '../domain/errors.ts';
import type { BacktestDocument } from '../reports/backtest-schema.ts';
import type { BacktestOutcome } from '../research/backtest-outcome.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';

export default class Backtest extends AlgoCommand<BacktestDocument> {
  static override summary = "strategies over stored bars, with India's charges and fills that do not flatter";
  static override description =
    `Without instruments the profile's universe is taken; the default profile makes a synthetic market on first use.
A universe is instruments (NSE:INFY), a name from universes in the configuration, synthetic, or all.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --strategy ema20_50',
    '<%= config.bin %> <%= command.id %> NSE:INFY NSE:TCS -s ema20_50 -i 15m --from 2024-01-01 --to 2024-12-31',
    '<%= config.bin %> <%= command.id %> -s ema20_50 -s rsi_pullback --param ema20_50.fast=10 --breakdown month',
    '<%= config.bin %> <%= command.id %> --strategy ema20_50 --html report.html',
    '<%= config.bin %> <%= command.id %> TEST:GOOG -s ema20_50 -i day --charges none --slippage none --quantity 100 --json',
  ];
  static override strict = false;
  static override args = { universe: Args.string({ description: 'instruments or names of universes' }) };
  static override flags = {
    strategy: Flags.string({
      char: 's',
      multiple: true,
      multipleNonGreedy: true,
      description: 'strategy to run; repeatable',
    }),
    timeframe: Flags.string({
      char: 'i',
      description: 'bars to decide on: 1m, 5m, 15m, 1h, day, …; else the strategy’s own',
    }),
    from: Flags.string({ description: 'first day, YYYY-MM-DD' }),
    to: Flags.string({ description: 'last day, YYYY-MM-DD, included' }),
    prices: Flags.option({
      options: ['raw', 'adjusted'] as const,
      description: 'as printed, or adjusted for recorded splits and bonuses (the default)',
    })(),
    days: Flags.integer({ min: 1, description: 'the last so many days that have bars', exclusive: ['from'] }),
    param: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'fast=10, or ema20_50.fast=10 for one of several; repeatable',
    }),
    capital: Flags.string({ description: 'rupees in the account at the start' }),
    charges: Flags.string({ description: 'zerodha, none or flat:0.1%' }),
    fill: Flags.string({ description: 'next-open, or same-close for comparison' }),
    slippage: Flags.string({ description: 'none, 1tick, 5bps, volatility:10 (percent of the bar range)' }),
    product: Flags.option({
      options: ['auto', 'CNC', 'MIS', 'NRML'] as const,
      description: 'Kite product of entries',
    })(),
    detail: Flags.string({ description: '1m settles inside a bar whether stop or target came first' }),
    quantity: Flags.string({ description: 'units of each entry' }),
    lots: Flags.string({ description: 'lots of each entry' }),
    'equity-percent': Flags.string({ description: 'percent of the account in each entry' }),
    'risk-percent': Flags.string({ description: 'percent of the account lost if the stop is hit' }),
    breakdown: Flags.option({
      options: ['day', 'week', 'month'] as const,
      description: 'results by period',
    })(),
    save: Flags.boolean({
      default: true,
      allowNo: true,
      description: 'keep the run for algo backtest list, show and compare',
    }),
    export: Flags.string({ description: 'write the trades to a .csv or .json file' }),
    html: Flags.string({ description: 'write a page with charts to a .html file; it needs no network' }),
    open: Flags.boolean({ default: false, description: 'show the page of --html in the browser' }),
  };

  protected override readonly severity = 'info';

  #outcome: BacktestOutcome | undefined;

  protected override async settings() {
    const { flags } = await this.parse(Backtest);
    const { backtestSettings } = await import('../app/backtest-request.ts');
    return backtestSettings({
      ...flags,
      equityPercent: flags['equity-percent'],
      riskPercent: flags['risk-percent'],
    });
  }

  protected async execute(context: OpenContext): Promise<BacktestDocument> {
    const { argv, flags } = await this.parse(Backtest);
    const { checkExport, exportTrades } = await import('../app/export-trades.ts');
    if (flags.export !== undefined) checkExport(flags.export);
    if (flags.html !== undefined) (await import('../app/export-report.ts')).checkReport(flags.html);
    else if (flags.open)
      throw new UsageError('USAGE_OPEN', '--open needs a page to open.', 'Add --html report.html.');
    const { backtest } = await import('../app/backtest.ts');
    const request = {
      universe: argv.map(String),
      strategies: flags.strategy ?? [],
      timeframe: flags.timeframe,
      from: flags.from,
      to: flags.to,
      days: flags.days,
      params: flags.param ?? [],
      breakdown: flags.breakdown,
    };
    this.#outcome = await backtest(context, { ...request, pictures: flags.html !== undefined });
    this.facts.run = this.#outcome.header.runId;
    if (flags.export !== undefined) await exportTrades(flags.export, this.#outcome.trades);
    if (flags.html !== undefined) {
      const { exportReport } = await import('../app/export-report.ts');
      await exportReport(context, this.#outcome, { file: flags.html, open: flags.open });
    }
    if (flags.save) {
      const { saveRun } = await import('../app/save-run.ts');
      saveRun(context, this.#outcome, request);
    }
    const { backtestDocument } = await import('../reports/backtest-json.ts');
    return this.jsonEnabled() ? backtestDocument(this.#outcome) : ({} as BacktestDocument);
  }

  protected async text(): Promise<string> {
    const { backtestReport } = await import('../reports/backtest-report.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return this.#outcome ? backtestReport(this.#outcome, screenOf(process.stdout, process.env)) : '';
  }
}
