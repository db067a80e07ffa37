import type { OpenContext } from '../../app/open-context.ts';
import type { ProfileChange } from '../../reports/profile-text.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class ProfileRemove extends AlgoCommand<ProfileChange> {
  static override summary = 'forgets a Kite account, its secret and its session';
  static override examples = ['<%= config.bin %> <%= command.id %> main'];
  static override args = { name: Args.string({ description: 'name of the account', required: true }) };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<ProfileChange> {
    const { args } = await this.parse(ProfileRemove);
    const { profileRemove } = await import('../../app/profile.ts');
    return profileRemove(context, args.name);
  }

  protected async text(change: ProfileChange): Promise<string> {
    const { profileChangeText } = await import('../../reports/profile-text.ts');
    return profileChangeText(change);
  }
}
