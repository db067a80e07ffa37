import type { OpenContext } from '../../app/open-context.ts';
import type { SessionAnswer } from '../../app/tell-session.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class LiveResume extends AlgoCommand<SessionAnswer> {
  static override summary = 'ends the pause of a running live session';
  static override description =
    `Ends a person’s pause alone: a kill, a loss, a breaker and every other halt stand until their own reason is gone.`;
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = {
    stream: Flags.string({ description: 'name of the session’s journal; the one that runs when left out' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<SessionAnswer> {
    const { flags } = await this.parse(LiveResume);
    const { tellSession } = await import('../../app/tell-session.ts');
    return tellSession(context, 'live', flags.stream, { do: 'resume' });
  }

  protected async text(answer: SessionAnswer): Promise<string> {
    const { answerText } = await import('../../reports/session-standing-text.ts');
    return answerText(answer);
  }
}
