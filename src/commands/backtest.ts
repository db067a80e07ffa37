import type { OpenContext } from '../app/open-context.ts';
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
    export: Flags.string({ description: 'write the trades to a .csv or .json file' }),
  };

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
    const { backtest } = await import('../app/backtest.ts');
    this.#outcome = await backtest(context, {
      universe: argv.map(String),
      strategies: flags.strategy ?? [],
      timeframe: flags.timeframe,
      from: flags.from,
      to: flags.to,
      days: flags.days,
      params: flags.param ?? [],
      breakdown: flags.breakdown,
    });
    if (flags.export !== undefined) await exportTrades(flags.export, this.#outcome.trades);
    const { backtestDocument } = await import('../reports/backtest-json.ts');
    return this.jsonEnabled() ? backtestDocument(this.#outcome) : ({} as BacktestDocument);
  }

  protected async text(): Promise<string> {
    const { backtestReport } = await import('../reports/backtest-report.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return this.#outcome ? backtestReport(this.#outcome, screenOf(process.stdout, process.env)) : '';
  }
}
