import type { OpenContext } from '../../app/open-context.ts';
import type { StatusPage } from '../../app/session-status.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class LiveStatus extends AlgoCommand<StatusPage> {
  static override summary =
    'how live sessions stand: ready or halted and why, positions, limits, feed, process';
  static override description =
    `Asks the sessions that run, and reads the journal of those that do not. Exit code 7 while one that runs is halted.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    stream: Flags.string({ description: 'name of the session’s journal; all when left out' }),
  };

  protected async execute(context: OpenContext): Promise<StatusPage> {
    const { flags } = await this.parse(LiveStatus);
    const { sessionStatus } = await import('../../app/session-status.ts');
    const page = await sessionStatus(context, 'live', flags.stream);
    if (page.sessions.some(({ running, state }) => running && state !== 'READY')) {
      const { exitCodes } = await import('../../domain/errors.ts');
      process.exitCode = exitCodes.risk;
    }
    return page;
  }

  protected async text({ sessions }: StatusPage): Promise<string> {
    const { standingsText } = await import('../../reports/session-standing-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return standingsText(sessions, screenOf(process.stdout, process.env));
  }
}
