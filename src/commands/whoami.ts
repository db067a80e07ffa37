import type { OpenContext } from '../app/open-context.ts';
import type { Whoami } from '../reports/login-text.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand } from './base-command.ts';

export default class WhoamiCommand extends AlgoCommand<Whoami> {
  static override summary = 'whose session this is, as the broker says';
  static override description =
    'Exit code 4 without a session that holds, 6 when the broker cannot be asked.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<Whoami> {
    const { flags } = await this.parse(WhoamiCommand);
    const { whoami } = await import('../app/whoami.ts');
    const { kiteDoor } = await import('../app/kite-doors.ts');
    const result = await whoami(context, { account: flags.account, kite: kiteDoor(context) });
    process.exitCode = result.exitCode;
    return result;
  }

  protected async text(result: Whoami): Promise<string> {
    const { whoamiText } = await import('../reports/login-text.ts');
    return whoamiText(result);
  }
}
