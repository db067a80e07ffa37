import type { OpenContext } from '../../app/open-context.ts';
import type { SessionAnswer } from '../../app/tell-session.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class LiveStop extends AlgoCommand<SessionAnswer> {
  static override summary = 'ends a running live session, on request with everything closed first';
  static override description =
    `Without --flatten orders and positions stay at the broker, stops among them, and the next start finds them.
With it everything is closed and the session ends once nothing is held. Where that takes longer than --within, exit code 7 names what
is left; the session goes on closing, opens nothing, and ends by itself.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --flatten --within 120',
  ];
  static override flags = {
    stream: Flags.string({ description: 'name of the session’s journal; the one that runs when left out' }),
    flatten: Flags.boolean({ default: false, description: 'close everything first' }),
    within: Flags.integer({
      min: 1,
      max: 86_400,
      description: 'seconds to wait; with --flatten what the session expects to need, else 30, when left out',
    }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<SessionAnswer> {
    const { flags } = await this.parse(LiveStop);
    const { stopSession } = await import('../../app/tell-session.ts');
    return stopSession(context, 'live', { ...flags, note: (sentence) => context.output.note(sentence) });
  }

  protected async text(answer: SessionAnswer): Promise<string> {
    const { answerText } = await import('../../reports/session-standing-text.ts');
    return answerText(answer);
  }
}
