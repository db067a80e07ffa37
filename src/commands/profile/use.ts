import type { OpenContext } from '../../app/open-context.ts';
import type { ProfileChange } from '../../reports/profile-text.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class ProfileUse extends AlgoCommand<ProfileChange> {
  static override summary = 'chooses the Kite account that commands mean';
  static override examples = ['<%= config.bin %> <%= command.id %> main'];
  static override args = { name: Args.string({ description: 'name of the account', required: true }) };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<ProfileChange> {
    const { args } = await this.parse(ProfileUse);
    const { profileUse } = await import('../../app/profile.ts');
    return profileUse(context, args.name);
  }

  protected async text(change: ProfileChange): Promise<string> {
    const { profileChangeText } = await import('../../reports/profile-text.ts');
    return profileChangeText(change);
  }
}
