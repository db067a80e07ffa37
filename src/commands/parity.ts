import type { OpenContext } from '../app/open-context.ts';
import type { ParityDocument, ParityReport } from '../reports/parity-json.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';

export default class Parity extends AlgoCommand<ParityDocument> {
  static override summary = 'whether paper and live do what the backtest did, on one day';
  static override description =
    `Runs a strategy over one stored day as a backtest, as a paper session and as a live session with orders at a sandbox of this process:
no account, no login, and nothing is written to your journals. What it decided has to be the same bar by bar; every difference of fills
has a cause and its rupees, which add up to the difference of the results. A decision that differs ends with exit code 8.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> ema20_50_intraday',
    '<%= config.bin %> <%= command.id %> ema20_50_intraday 2026-10-06 SYN:ZAVORI SYN:KENDRUM -i 5m',
    '<%= config.bin %> <%= command.id %> fno_intraday_trend --profile fno --json',
  ];
  static override strict = false;
  static override args = {
    strategy: Args.string({ required: true, description: 'strategy to run' }),
    date: Args.string({ description: 'day to play; the newest that is stored whole when left out' }),
    instrument: Args.string({
      description: 'instruments or names of universes; the profile’s when left out',
    }),
  };
  static override flags = {
    timeframe: Flags.string({ char: 'i', description: 'bars to decide on; else the strategy’s own' }),
    param: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'fast=10; repeatable' }),
    capital: Flags.string({ description: 'rupees in the account' }),
    'warm-up': Flags.integer({
      default: 60,
      min: 0,
      max: 10_000,
      description: 'calendar days of bars before the day that warm indicators up',
    }),
  };

  protected override readonly severity = 'info';
  #report: ParityReport | undefined;

  protected override async settings(): Promise<Readonly<Record<string, unknown>>> {
    const { flags } = await this.parse(Parity);
    const { backtestSettings } = await import('../app/backtest-request.ts');
    return backtestSettings({ capital: flags.capital });
  }

  protected async execute(context: OpenContext): Promise<ParityDocument> {
    const { argv, flags } = await this.parse(Parity);
    const { parity } = await import('../app/parity.ts');
    const { isParity, parityDocument } = await import('../reports/parity-json.ts');
    const [strategy, ...others] = argv.map(String);
    const dated = /^\d{4}-\d{2}-\d{2}$/.test(others[0] ?? '');
    this.#report = await parity(context, {
      strategy,
      date: dated ? others[0] : undefined,
      universe: dated ? others.slice(1) : others,
      timeframe: flags.timeframe,
      params: flags.param ?? [],
      warmUpDays: flags['warm-up'],
    });
    if (!isParity(this.#report)) {
      const { exitCodes } = await import('../domain/errors.ts');
      process.exitCode = exitCodes.check;
    }
    return parityDocument(this.#report);
  }

  protected async text(): Promise<string> {
    if (!this.#report) return '';
    const { parityText } = await import('../reports/parity-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return parityText(this.#report, screenOf(process.stdout, process.env));
  }
}
