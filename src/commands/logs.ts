import type { LogPage } from '../app/logs.ts';
import type { OpenContext } from '../app/open-context.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class Logs extends AlgoCommand<LogPage | undefined> {
  static override summary = 'what commands and sessions wrote into the log';
  static override description =
    `Reads the log with its earlier files (log.file, log.megabytes and log.keep of the configuration), oldest line first. -f goes on as lines
come, across rotations, until Ctrl-C; with --json each line is then a JSON document of its own. Secrets are taken out before anything is
written, and times are India's.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -f --stream fno',
    '<%= config.bin %> <%= command.id %> --since 1h --level warn --json',
    '<%= config.bin %> <%= command.id %> --command backfill --last 20',
  ];
  static override flags = {
    follow: Flags.boolean({ char: 'f', default: false, description: 'goes on as lines come, until Ctrl-C' }),
    stream: Flags.string({ description: 'only lines of the sessions of this stream' }),
    command: Flags.string({ description: 'only lines of this command, or of all of its topic' }),
    level: Flags.option({
      options: ['debug', 'info', 'warn', 'error'] as const,
      default: 'debug' as const,
      description: 'least severe line that is shown',
    })(),
    since: Flags.string({ description: 'how far back, such as 30m or 1h' }),
    last: Flags.integer({ default: 200, min: 1, description: 'the newest so many of what is kept' }),
  };

  protected async execute(context: OpenContext): Promise<LogPage | undefined> {
    const { flags } = await this.parse(Logs);
    if (!flags.follow) {
      const { logPage } = await import('../app/logs.ts');
      return logPage(context, flags);
    }
    const { followLogUntilInterrupted } = await import('../app/session-process.ts');
    const { logLine } = await import('../reports/log-text.ts');
    const lineOf = this.jsonEnabled() ? JSON.stringify : logLine;
    await followLogUntilInterrupted(context, flags, (lines) => {
      for (const line of lines) process.stdout.write(`${lineOf(line)}\n`);
    });
    return undefined;
  }

  protected override logJson(document: unknown): void {
    // What was followed has been printed line by line.
    if (document !== undefined) super.logJson(document);
  }

  protected async text(page: LogPage | undefined): Promise<string> {
    if (!page) return '';
    const { logLine } = await import('../reports/log-text.ts');
    if (page.lines.length > 0) return page.lines.map(logLine).join('\n');
    return `No such line in ${page.file} or its earlier files.`;
  }
}
