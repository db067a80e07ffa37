import type { OpenContext } from '../app/open-context.ts';
import type { ReplayVerdict, ReplayVerdictDocument } from '../reports/replay-text.ts';
import type { SessionDocument, SessionReport } from '../reports/session-text.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';
import { sessionFlags } from './session-flags.ts';

export default class Replay extends AlgoCommand<SessionDocument | ReplayVerdictDocument> {
  static override summary =
    'a stored day or a recorded stream once more, or proof that a session replays to what it did';
  static override description =
    `Plays a stored day, or a recorded stream frame by frame, into a paper session that leaves no journal behind; of a recording the strategies
are those of its session unless others are named. With --verify the word is a session's stream: its journal is played again, and every order, every answer of an invented exchange and the account at every mark are compared with what was recorded.
Where they differ, the number of the record, what it says and what came instead are named, and the exit code is 8. With --verify
and a recording, the bars that are built of it are compared with those that the session was told.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 2026-10-06 --strategy ema20_50_intraday',
    '<%= config.bin %> <%= command.id %> 2026-10-06 SYN:ZAVORI -s ema20_50_intraday --speed 600x',
    '<%= config.bin %> <%= command.id %> 2026-10-06/paper-main-091000',
    '<%= config.bin %> <%= command.id %> main --verify',
    '<%= config.bin %> <%= command.id %> equity --verify --on 2026-10-06 --json',
  ];
  static override strict = false;
  static override args = {
    what: Args.string({
      required: true,
      description: 'day YYYY-MM-DD, or a recording; with --verify a session’s stream',
    }),
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
    const { exitCodes } = await import('../domain/errors.ts');
    const { dayNumberOf } = await import('../domain/time.ts');
    const { replayUntilInterrupted, verifyUntilInterrupted } = await import('../app/session-process.ts');
    const [what, ...universe] = argv.map(String);
    const request = {
      ...{ universe, speed: flags.speed, timeframe: flags.timeframe },
      strategies: flags.strategy ?? [],
      params: flags.param ?? [],
      warmUpDays: flags['warm-up'],
    };
    if (flags.verify) {
      const { replayVerdictDocument } = await import('../reports/replay-text.ts');
      const day = flags.on === undefined ? undefined : dayNumberOf(flags.on);
      this.#verdict = await verifyUntilInterrupted(context, what, { ...request, day });
      if (this.#verdict.divergence) process.exitCode = exitCodes.check;
      return replayVerdictDocument(this.#verdict);
    }
    const { sessionDocument } = await import('../reports/session-text.ts');
    this.#report = await replayUntilInterrupted(context, what, request);
    return sessionDocument(this.#report);
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
