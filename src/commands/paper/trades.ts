import type { OpenContext } from '../../app/open-context.ts';
import type { SessionTrades } from '../../app/session-status.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

interface TradesPage {
  readonly sessions: readonly SessionTrades[];
}

export default class PaperTrades extends AlgoCommand<TradesPage> {
  static override summary = 'round trips of the newest paper sessions';
  static override description = `From the journal, which a running session writes after every bar.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --stream equity --json',
  ];
  static override flags = {
    stream: Flags.string({ description: 'name of the session’s journal; all when left out' }),
  };

  protected async execute(context: OpenContext): Promise<TradesPage> {
    const { flags } = await this.parse(PaperTrades);
    const { sessionTrades } = await import('../../app/session-status.ts');
    return sessionTrades(context, 'paper', flags.stream);
  }

  protected async text({ sessions }: TradesPage): Promise<string> {
    const { sessionTradesText } = await import('../../reports/session-standing-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return sessionTradesText(sessions, screenOf(process.stdout, process.env));
  }
}
