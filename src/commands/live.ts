import type { ContextRequest, OpenContext } from '../app/open-context.ts';
import type { SessionDocument, SessionReport } from '../reports/session-text.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';
import { sessionFlags } from './session-flags.ts';

export default class Live extends AlgoCommand<SessionDocument> {
  static override summary = 'a trading day with real money at Kite';
  static override description =
    `Runs the strategies that were backtested, with orders at Kite. Real money needs three consents: mode: live in the profile,
--confirm with the client id, and "algo live arm" of the same day. Every order is in the journal before it leaves, is sent once, and is
looked up when no answer came. Positions are compared with the broker's; while they differ nothing is opened. An interrupted session
goes on where its journal ends. With --feed sandbox the day is rehearsed at the sandbox of this computer.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> NSE:ZAVORI -s ema20_50_intraday --feed sandbox --confirm SBX001',
    '<%= config.bin %> <%= command.id %> --profile fno --feed kite --confirm AB1234',
    '<%= config.bin %> <%= command.id %> NSE:INFY -s vwap_filter --feed kite --confirm AB1234 --observe',
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
      required: true,
      options: ['kite', 'sandbox'],
      description: 'where prices come from and orders go',
    }),
    confirm: Flags.string({ description: 'client id of the account whose money it is' }),
    observe: Flags.boolean({ default: false, description: 'counts signals and opens nothing' }),
    account: Flags.string({ description: 'Kite account; see algo profile list' }),
    capital: Flags.string({
      description: 'rupees that may be traded with, as far as the account holds them',
    }),
  };

  protected override readonly severity = 'info';
  #report: SessionReport | undefined;
  #words: readonly string[] = [];

  protected override async open(request: ContextRequest): Promise<OpenContext> {
    const { argv } = await this.parse(Live);
    const { profileWord } = await import('../app/profile-word.ts');
    const { profile, words } = profileWord(request, argv.map(String));
    this.#words = words;
    return super.open({ ...request, profile });
  }

  protected override async settings(): Promise<Readonly<Record<string, unknown>>> {
    const { flags } = await this.parse(Live);
    const { backtestSettings } = await import('../app/backtest-request.ts');
    return backtestSettings({ capital: flags.capital });
  }

  protected async execute(context: OpenContext): Promise<SessionDocument> {
    const { flags } = await this.parse(Live);
    const { liveUntilInterrupted } = await import('../app/session-process.ts');
    const { isDone, sessionDocument } = await import('../reports/session-text.ts');
    this.#report = await liveUntilInterrupted(context, {
      ...flags,
      feed: flags.feed === 'kite' ? 'kite' : 'sandbox',
      stream: 'main',
      speed: '1x',
      universe: this.#words,
      strategies: flags.strategy ?? [],
      params: flags.param ?? [],
      warmUpDays: flags['warm-up'],
    });
    if (!this.#report) return { stream: 'live', closed: true };
    this.facts.stream = this.#report.stream;
    if (!isDone(this.#report)) {
      const { exitCodes } = await import('../domain/errors.ts');
      process.exitCode = exitCodes.interrupted;
    }
    return sessionDocument(this.#report);
  }

  protected async text(): Promise<string> {
    if (!this.#report) return 'The markets of these instruments are closed today.';
    const { sessionText } = await import('../reports/session-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return sessionText(this.#report, screenOf(process.stdout, process.env));
  }
}
