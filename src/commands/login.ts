import type { Login } from '../app/login.ts';
import type { OpenContext } from '../app/open-context.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class LoginCommand extends AlgoCommand<Login> {
  static override summary = 'logs in at Kite for the day';
  static override description =
    `Shows the login address, waits on 127.0.0.1 for the browser to come back and keeps the session until 06:00 tomorrow.
Zerodha wants a person for each day's login. The account becomes the one that is meant where no --account is given.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --account main --paste',
    '<%= config.bin %> <%= command.id %> --sandbox',
  ];
  static override flags = {
    ...accountFlags,
    paste: Flags.boolean({
      default: false,
      description: 'asks for the address the browser ended at, or reads it from a pipe',
    }),
    open: Flags.boolean({ default: false, description: 'opens the browser too', exclusive: ['sandbox'] }),
    sandbox: Flags.boolean({
      default: false,
      description: 'logs in at the running sandbox of this home; asks nobody',
      exclusive: ['account', 'paste'],
    }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Login> {
    const { flags } = await this.parse(LoginCommand);
    const { login } = await import('../app/login.ts');
    const { loginDoors } = await import('../app/kite-doors.ts');
    return login(context, flags, loginDoors(context));
  }

  protected async text(result: Login): Promise<string> {
    const { loginText } = await import('../reports/login-text.ts');
    return loginText(result);
  }
}
