import type { OpenContext } from '../../app/open-context.ts';
import type { StatusPage } from '../../app/session-status.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class PaperPositions extends AlgoCommand<StatusPage> {
  static override summary = 'what paper sessions hold, at the newest prices where they run';
  static override description = `From the session itself where it runs, else from its journal.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --stream equity --json',
  ];
  static override flags = {
    stream: Flags.string({ description: 'name of the session’s journal; all when left out' }),
  };

  protected async execute(context: OpenContext): Promise<StatusPage> {
    const { flags } = await this.parse(PaperPositions);
    const { sessionStatus } = await import('../../app/session-status.ts');
    return sessionStatus(context, 'paper', flags.stream);
  }

  protected async text({ sessions }: StatusPage): Promise<string> {
    const { sessionPositionsText } = await import('../../reports/session-standing-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return sessionPositionsText(sessions, screenOf(process.stdout, process.env));
  }
}
