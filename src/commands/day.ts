import type { ContextRequest, OpenContext } from '../app/open-context.ts';
import type { DayDocument } from '../reports/day-text.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';
import { sessionFlags } from './session-flags.ts';

export default class Day extends AlgoCommand<DayDocument> {
  static override summary = 'a planned trading day, from the login check to the report';
  static override description =
    `Does each step of a day at its time (keys under day of the configuration): login check, list of instruments, bars to start on, session,
square-off, reconciliation, report. What is over is on the disk, so a day that was cut off goes on with the step that was not over; one
that begins late does what is still of use. A missing login is waited for until day.loginWait, then the exit code is 4. On a day without
trading it says so, names the next one and ends with exit code 0; a second start ends with exit code 75, a fault that the square-off or
the reconciliation finds with 8.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> paper fno',
    '<%= config.bin %> <%= command.id %> paper fno --plan',
    '<%= config.bin %> <%= command.id %> paper equity --feed sandbox --speed 60x --html',
    '<%= config.bin %> <%= command.id %> live fno --confirm AB1234',
  ];
  static override args = {
    mode: Args.string({ description: 'paper or live, whose money it is; paper when left out' }),
    profile: Args.string({ description: 'profile such as fno; what default.yaml says when left out' }),
  };
  static override flags = {
    feed: Flags.option({
      options: ['kite', 'sandbox'] as const,
      default: 'kite' as const,
      description: 'where prices come from and orders go',
    })(),
    plan: Flags.boolean({ default: false, description: 'show what would happen and when, do nothing' }),
    html: Flags.boolean({ default: false, description: 'keep the report as a page too' }),
    confirm: Flags.string({ description: 'client id of the account whose money it is; for live' }),
    account: Flags.string({ description: 'Kite account; see algo profile list' }),
    speed: Flags.string({ description: "how fast the sandbox's clock goes from now on, such as 60x" }),
    until: sessionFlags.until,
    'warm-up': sessionFlags['warm-up'],
  };

  protected override readonly severity = 'info';
  #mode: 'paper' | 'live' = 'paper';
  #name = 'main';

  protected override async open(request: ContextRequest): Promise<OpenContext> {
    const { args } = await this.parse(Day);
    const named = args.mode === 'paper' || args.mode === 'live';
    this.#mode = args.mode === 'live' ? 'live' : 'paper';
    if (!named && args.profile !== undefined) throw await unknownMode(String(args.mode));
    const profile = request.profile ?? (named ? args.profile : args.mode);
    this.#name = profile ?? 'main';
    return super.open({ ...request, profile });
  }

  protected async execute(context: OpenContext): Promise<DayDocument> {
    const { flags } = await this.parse(Day);
    const { dayUntilInterrupted } = await import('../app/session-process.ts');
    const document = await dayUntilInterrupted(context, {
      ...flags,
      mode: this.#mode,
      name: this.#name,
      warmUpDays: flags['warm-up'],
    });
    process.exitCode = document.exitCode;
    this.facts.stream = this.#name;
    return document;
  }

  protected async text(document: DayDocument): Promise<string> {
    // Cron starts it again and again, and a report is mailed once.
    if (document.repeated) return '';
    const { dayText } = await import('../reports/day-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return dayText(document, screenOf(process.stdout, process.env));
  }
}

/** Two words of which the first is neither. */
async function unknownMode(word: string): Promise<Error> {
  const { UsageError } = await import('../domain/errors.ts');
  return new UsageError(
    'USAGE_MODE',
    `"${word}" is neither paper nor live.`,
    'Run: algo day paper <profile>, or algo day live <profile> --confirm <client id>',
  );
}
