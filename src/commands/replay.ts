import type { OpenContext } from '../app/open-context.ts';
import type { ReplayVerdict, ReplayVerdictDocument } from '../reports/replay-text.ts';
import type { SessionDocument, SessionReport } from '../reports/session-text.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';
import { sessionFlags } from './session-flags.ts';

export default class Replay extends AlgoCommand<SessionDocument | ReplayVerdictDocument> {
  static override summary = 'a stored day once more, or proof that a session replays to what it did';
  static override description =
    `Plays a stored day into a paper session that leaves no journal behind. With --verify the word is a session's stream: its journal is
played again, and every order, every answer of an invented exchange and the account at every mark are compared with what was recorded.
Where they differ, the number of the record, what it says and what came instead are named, and the exit code is 8.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 2026-10-06 --strategy ema20_50_intraday',
    '<%= config.bin %> <%= command.id %> 2026-10-06 SYN:ZAVORI -s ema20_50_intraday --speed 600x',
    '<%= config.bin %> <%= command.id %> main --verify',
    '<%= config.bin %> <%= command.id %> equity --verify --on 2026-10-06 --json',
  ];
  static override strict = false;
  static override args = {
    what: Args.string({ required: true, description: 'day YYYY-MM-DD; with --verify a session’s stream' }),
    instrument: Args.string({ description: 'instruments or names of universes, for a day' }),
  };
  static override flags = {
    verify: Flags.boolean({ default: false, description: 'compare a session with its own journal' }),
    on: Flags.string({ description: 'verify the session that traded on this day; else the newest' }),
    speed: Flags.string({
      default: 'max',
      description: "1x is the market's own pace; max waits for nothing",
    }),
    strategy: sessionFlags.strategy,
    timeframe: sessionFlags.timeframe,
    param: sessionFlags.param,
    'warm-up': sessionFlags['warm-up'],
  };

  protected override readonly severity = 'info';
  #report: SessionReport | undefined;
  #verdict: ReplayVerdict | undefined;

  protected async execute(context: OpenContext): Promise<SessionDocument | ReplayVerdictDocument> {
    const { argv, flags } = await this.parse(Replay);
    const [what, ...universe] = argv.map(String);
    if (flags.verify) return this.#verify(context, what, flags.on);
    const { replayUntilInterrupted } = await import('../app/session-process.ts');
    const { sessionDocument } = await import('../reports/session-text.ts');
    this.#report = await replayUntilInterrupted(context, what, {
      ...{ universe, speed: flags.speed, timeframe: flags.timeframe },
      strategies: flags.strategy ?? [],
      params: flags.param ?? [],
      warmUpDays: flags['warm-up'],
    });
    if (!this.#report.ended && !this.#report.overnight) {
      const { exitCodes } = await import('../domain/errors.ts');
      process.exitCode = exitCodes.interrupted;
    }
    return sessionDocument(this.#report);
  }

  async #verify(
    context: OpenContext,
    stream: string,
    on: string | undefined,
  ): Promise<ReplayVerdictDocument> {
    const { verifyReplay } = await import('../app/verify-replay.ts');
    const { dayNumberOf } = await import('../domain/time.ts');
    const { replayVerdictDocument } = await import('../reports/replay-text.ts');
    this.#verdict = await verifyReplay(context, stream, on === undefined ? undefined : dayNumberOf(on));
    if (this.#verdict.divergence) {
      const { exitCodes } = await import('../domain/errors.ts');
      process.exitCode = exitCodes.check;
    }
    return replayVerdictDocument(this.#verdict);
  }

  protected async text(): Promise<string> {
    const { replayVerdictText } = await import('../reports/replay-text.ts');
    if (this.#verdict) return replayVerdictText(this.#verdict);
    if (!this.#report) return '';
    const { sessionText } = await import('../reports/session-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return sessionText(this.#report, screenOf(process.stdout, process.env));
  }
}
