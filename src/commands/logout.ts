import type { Logout } from '../app/logout.ts';
import type { OpenContext } from '../app/open-context.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand } from './base-command.ts';

export default class LogoutCommand extends AlgoCommand<Logout> {
  static override summary = 'ends the session at the broker and deletes it here';
  static override description = 'Deleted here in any case; exit code 6 when the broker could not be told.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --account main',
  ];
  static override flags = {
    ...accountFlags,
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Logout> {
    const { flags } = await this.parse(LogoutCommand);
    const { logout } = await import('../app/logout.ts');
    const { kiteDoor } = await import('../app/kite-doors.ts');
    const result = await logout(context, flags, { kite: kiteDoor(context) });
    process.exitCode = result.exitCode;
    return result;
  }

  protected async text(result: Logout): Promise<string> {
    const { logoutText } = await import('../reports/login-text.ts');
    return logoutText(result);
  }
}
