import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

interface Armed {
  readonly userId: string;
  readonly day: string;
}

export default class LiveArm extends AlgoCommand<Armed> {
  static override summary = 'allows live sessions of an account until midnight';
  static override description =
    'One of the three consents that real money needs, given by a person on the day itself; the others are mode: live and --confirm.';
  static override examples = ['<%= config.bin %> <%= command.id %> --confirm AB1234'];
  static override flags = {
    account: Flags.string({ description: 'Kite account; see algo profile list' }),
    confirm: Flags.string({ description: 'client id of the account' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Armed> {
    const { flags } = await this.parse(LiveArm);
    const { armLive } = await import('../../app/live-consent.ts');
    const { openKiteSession } = await import('../../app/kite-session.ts');
    return armLive(context, await openKiteSession(context, { account: flags.account }), flags.confirm);
  }

  protected text({ userId, day }: Armed): string {
    return `Live sessions of ${userId} may run until the end of ${day}.`;
  }
}
