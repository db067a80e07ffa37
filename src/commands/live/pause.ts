import type { OpenContext } from '../../app/open-context.ts';
import type { SessionAnswer } from '../../app/tell-session.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class LivePause extends AlgoCommand<SessionAnswer> {
  static override summary = 'a running live session opens nothing until it is resumed; exits pass';
  static override description =
    `The pause is in the journal and stands over restarts. It is the session’s HALT_PAUSE.`;
  static override examples = ['<%= config.bin %> <%= command.id %> --reason "news at 14:00"'];
  static override flags = {
    stream: Flags.string({ description: 'name of the session’s journal; the one that runs when left out' }),
    reason: Flags.string({ default: 'a person paused it', description: 'why, in a few words' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<SessionAnswer> {
    const { flags } = await this.parse(LivePause);
    const { tellSession } = await import('../../app/tell-session.ts');
    return tellSession(context, 'live', flags.stream, { do: 'pause', reason: flags.reason });
  }

  protected async text(answer: SessionAnswer): Promise<string> {
    const { answerText } = await import('../../reports/session-standing-text.ts');
    return answerText(answer);
  }
}
