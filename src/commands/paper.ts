import type { ContextRequest, OpenContext } from '../app/open-context.ts';
import type { SessionDocument, SessionReport } from '../reports/session-text.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';
import { sessionFlags } from './session-flags.ts';

export default class Paper extends AlgoCommand<SessionDocument> {
  static override summary = 'a trading session with pretended money and a durable journal';
  static override description =
    `Trades a day on the prices of Kite or of the sandbox, or plays stored days as the market would, with the fills and charges of a
backtest. Every order is in the journal on the disk before it is placed; a session that was interrupted, even by a power cut, goes on
where its journal ends. One session at a time runs on a stream; a second start ends with exit code 75. On a day without trading it
says so and ends with exit code 0.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> fno',
    '<%= config.bin %> <%= command.id %> --strategy ema20_50 --feed replay:2026-10-06',
    '<%= config.bin %> <%= command.id %> NSE:INFY -s ema20_50_intraday -i 1m --feed sandbox',
    '<%= config.bin %> <%= command.id %> SYN:ZAVORI -s ema20_50_intraday --feed replay:2026-10-05..2026-10-06 --speed max',
    '<%= config.bin %> <%= command.id %> -s ema20_50 --feed replay:2026-10-06 --stream equity --speed 600x --json',
  ];
  static override strict = false;
  static override args = {
    universe: Args.string({
      description: 'a profile such as fno first; then instruments or names of universes',
    }),
  };
  static override flags = {
    ...sessionFlags,
    feed: Flags.string({
      default: 'kite',
      description: 'sandbox, kite, replay:2026-10-06, or replay:2026-10-01..2026-10-06',
    }),
    account: Flags.string({ description: 'Kite account whose prices are used; see algo profile list' }),
    speed: Flags.string({
      default: 'max',
      description: "pace of a replay: 1x is the market's own; max waits for nothing",
    }),
    stream: Flags.string({
      description: 'name of the session’s journal; the profile’s, else main, when left out',
    }),
    capital: Flags.string({ description: 'rupees in the account at the start' }),
  };

  protected override readonly severity = 'info';
  #report: SessionReport | undefined;
  #words: readonly string[] = [];
  #profile: string | undefined;

  protected override async open(request: ContextRequest): Promise<OpenContext> {
    const { argv } = await this.parse(Paper);
    const { profileWord } = await import('../app/profile-word.ts');
    const { profile, words } = profileWord(request, argv.map(String));
    this.#words = words;
    this.#profile = profile;
    return super.open({ ...request, profile });
  }

  protected override async settings(): Promise<Readonly<Record<string, unknown>>> {
    const { flags } = await this.parse(Paper);
    const { backtestSettings } = await import('../app/backtest-request.ts');
    return backtestSettings({ capital: flags.capital });
  }

  protected async execute(context: OpenContext): Promise<SessionDocument> {
    const { flags } = await this.parse(Paper);
    const { paperUntilInterrupted } = await import('../app/session-process.ts');
    const { isDone, sessionDocument } = await import('../reports/session-text.ts');
    this.#report = await paperUntilInterrupted(context, {
      ...flags,
      stream: this.#streamOf(flags.stream),
      universe: this.#words,
      strategies: flags.strategy ?? [],
      params: flags.param ?? [],
      warmUpDays: flags['warm-up'],
    });
    if (!this.#report) return { stream: this.#streamOf(flags.stream), closed: true };
    this.facts.stream = this.#report.stream;
    if (!isDone(this.#report)) {
      const { exitCodes } = await import('../domain/errors.ts');
      process.exitCode = exitCodes.interrupted;
    }
    return sessionDocument(this.#report);
  }

  #streamOf(named: string | undefined): string {
    return named ?? this.#profile ?? 'main';
  }

  protected async text(): Promise<string> {
    const { sessionText } = await import('../reports/session-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    if (!this.#report) return 'The markets of these instruments are closed today.';
    return sessionText(this.#report, screenOf(process.stdout, process.env));
  }
}
