import type { Kill } from '../../app/kill.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

interface ReleasePage {
  readonly released: Kill;
  readonly reason: string;
}

export default class KillRelease extends AlgoCommand<ReleasePage> {
  static override summary = 'lets trading go on after algo kill';
  static override description =
    'Kept in kill.log with time and reason. A running session opens again with its next bar.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --reason "feed is back, positions checked"',
  ];
  static override flags = {
    reason: Flags.string({ required: true, description: 'why it is safe again, in a few words' }),
  };

  protected async execute(context: OpenContext): Promise<ReleasePage> {
    const { flags } = await this.parse(KillRelease);
    const { releaseKill } = await import('../../app/kill.ts');
    return releaseKill(context, flags.reason);
  }

  protected async text(page: ReleasePage): Promise<string> {
    const { releaseText } = await import('../../reports/kill-text.ts');
    return releaseText(page);
  }
}
