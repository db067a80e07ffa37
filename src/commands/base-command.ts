import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import { type ContextRequest, type OpenContext, openContext } from '../app/open-context.ts';
import { reportedError } from './reported-error.ts';

export * as Args from '@oclif/core/args';
export * as Flags from '@oclif/core/flags';

/**
 * What every command shares: the common flags, the context, one document under --json, errors without stack traces.
 *
 * A command names its flags, calls one app function in `execute` and turns the result into text in `text`:
 *
 *     export default class CalendarCommand extends AlgoCommand<CalendarPage> {
 *       static override summary = 'trading days, hours and expiries';
 *       static override examples = ['<%= config.bin %> calendar 2026-11-08 --exchange NSE'];
 *       static override args = { date: Args.string({ description: 'day as YYYY-MM-DD' }) };
 *       static override flags = { exchange: Flags.string({ default: 'NSE', description: 'exchange' }) };
 *
 *       protected async execute(context: Context): Promise<CalendarPage> {
 *         const { args, flags } = await this.parse(CalendarCommand);
 *         const { calendarPage } = await import('../app/calendar.ts');
 *         return calendarPage(context, { date: args.date, exchange: flags.exchange });
 *       }
 *
 *       protected async text(page: CalendarPage): Promise<string> {
 *         const { calendarText } = await import('../reports/calendar-text.ts');
 *         return calendarText(page);
 *       }
 *     }
 *
 * Heavy modules are imported inside the two methods, so that `--help` and typing mistakes cost nothing.
 */
export abstract class AlgoCommand<Result> extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    quiet: Flags.boolean({
      default: false,
      description: 'no progress and no notes on stderr',
      helpGroup: 'GLOBAL',
    }),
    'no-color': Flags.boolean({
      default: false,
      description: 'plain text (also: NO_COLOR=1)',
      helpGroup: 'GLOBAL',
    }),
    profile: Flags.string({ description: 'profile configs/<name>.yaml', helpGroup: 'GLOBAL' }),
    config: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'further YAML file; repeatable, later wins',
      helpGroup: 'GLOBAL',
    }),
    set: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'one setting as key.path=value; repeatable',
      helpGroup: 'GLOBAL',
    }),
    home: Flags.string({
      description: 'folder of data and own configs (also: ALGO_HOME)',
      helpGroup: 'GLOBAL',
    }),
  };

  /** Calls one app function. What it resolves to is the document of --json; money in it is decimal strings. */
  protected abstract execute(context: OpenContext): Promise<Result>;

  /** The result for people, without a trailing newline; empty when all of it has been shown already. */
  protected abstract text(result: Result): string | Promise<string>;

  /** Level of the line a command leaves in the log: `info` where it computes, changes something or fails, `debug` where it only looks. */
  protected readonly severity: 'info' | 'debug' = 'debug';

  /** Settings that flags of this command stand for, by configuration path: `{ capital: flags.capital }`. Undefined is not set. */
  protected settings(): Promise<Readonly<Record<string, unknown>>> | Readonly<Record<string, unknown>> {
    return {};
  }

  /** Makes the context of the flags that all commands share. */
  protected open(request: ContextRequest): Promise<OpenContext> {
    return openContext(request);
  }

  /** What the log says of this command beside its name, duration and exit code, such as the id of a run. */
  protected readonly facts: Record<string, string | number> = {};

  #context: OpenContext | undefined;
  #startedAt = 0;

  override async run(): Promise<Result> {
    const { args, flags: own, strict } = this.ctor;
    const { flags } = await this.parse({
      args,
      flags: own,
      strict,
      baseFlags: AlgoCommand.baseFlags,
      enableJsonFlag: true,
    });
    if (flags['no-color']) process.env.NO_COLOR = '1';
    const context = await this.open({
      home: flags.home,
      profile: flags.profile,
      files: flags.config ?? [],
      set: flags.set ?? [],
      settings: await this.settings(),
      silent: flags.quiet || this.jsonEnabled(),
    });
    this.#context = context;
    this.#startedAt = context.clock.now();
    const result = await this.execute(context);
    if (!this.jsonEnabled()) {
      const text = await this.text(result);
      if (text !== '') process.stdout.write(`${text}\n`);
    }
    await this.#logEnd({ exit: Number(process.exitCode ?? 0) });
    return result;
  }

  // A command whose arguments or settings are wrong has not begun, and leaves no line.
  async #logEnd(outcome: { readonly exit: number; readonly code?: string }): Promise<void> {
    if (!this.#context) return;
    const command = this.id?.replaceAll(':', ' ') ?? '';
    const ms = this.#context.clock.now() - this.#startedAt;
    this.#context.log[outcome.exit === 0 ? this.severity : 'info'](
      { command, ms, ...outcome, ...this.facts },
      'command',
    );
    await this.#context.log.flush();
  }

  protected override logJson(document: unknown): void {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  protected override async catch(error: Error): Promise<void> {
    const reported = await reportedError(error, this.ctor, this.argv, this.#context);
    process.exitCode = reported.exitCode;
    await this.#logEnd({ exit: reported.exitCode, code: reported.code });
    if (this.jsonEnabled()) this.logJson({ error: reported });
    else process.stderr.write(`${reported.message}${reported.fix ? `\nFix: ${reported.fix}` : ''}\n`);
  }
}
