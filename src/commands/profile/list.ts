import type { OpenContext } from '../../app/open-context.ts';
import type { ProfileList } from '../../reports/profile-text.ts';
import { AlgoCommand } from '../base-command.ts';

export default class ProfileListCommand extends AlgoCommand<ProfileList> {
  static override summary = 'Kite accounts of this computer';
  static override description =
    'Secrets are not shown. Commands take --account <name>; --profile is a configuration.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  protected async execute(context: OpenContext): Promise<ProfileList> {
    const { profileList } = await import('../../app/profile.ts');
    return profileList(context);
  }

  protected async text(page: ProfileList): Promise<string> {
    const { profileListText } = await import('../../reports/profile-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return profileListText(page, screenOf(process.stdout, process.env));
  }
}
