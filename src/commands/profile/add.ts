import type { OpenContext } from '../../app/open-context.ts';
import type { ProfileChange } from '../../reports/profile-text.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class ProfileAdd extends AlgoCommand<ProfileChange> {
  static override summary = 'sets up a Kite account';
  static override description =
    `The API secret is asked for, or comes from ALGO_KITE_API_SECRET, from the file that ALGO_KITE_API_SECRET_FILE or
--secret-file names (mode 0600), never from the command line. It is encrypted with --encrypt, or when
ALGO_VAULT_PASSPHRASE or ALGO_VAULT_PASSPHRASE_FILE is set. See docs/login.md.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> main --api-key abcd1234 --user AB1234',
    '<%= config.bin %> <%= command.id %> main --api-key abcd1234 --user AB1234 --secret-file kite.secret --encrypt',
  ];
  static override args = { name: Args.string({ description: 'name of your choice', required: true }) };
  static override flags = {
    'api-key': Flags.string({ required: true, description: 'API key of the app at developers.kite.trade' }),
    user: Flags.string({ required: true, description: "Zerodha's client id; nobody else's login is taken" }),
    'secret-file': Flags.string({ description: 'file of mode 0600 whose first line is the API secret' }),
    totp: Flags.boolean({
      default: false,
      description: "asks for the authenticator's key too, for algo totp",
    }),
    encrypt: Flags.boolean({
      default: false,
      description: 'encrypts under a passphrase, which is asked for',
    }),
    port: Flags.integer({ description: 'port of the redirect address, 8617 when not given' }),
    root: Flags.string({ description: 'address of the REST interface instead of kite.root' }),
    'ws-root': Flags.string({ description: 'address of the ticker instead of kite.wsRoot' }),
    prefix: Flags.string({ description: 'path before every route instead of kite.prefix' }),
    'login-url': Flags.string({ description: 'login page instead of kite.loginUrl' }),
    replace: Flags.boolean({ default: false, description: 'overwrites an account of this name' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<ProfileChange> {
    const { args, flags } = await this.parse(ProfileAdd);
    const { profileAdd } = await import('../../app/profile.ts');
    return profileAdd(context, {
      name: args.name,
      apiKey: flags['api-key'],
      userId: flags.user,
      secretFile: flags['secret-file'],
      redirectPort: flags.port,
      root: flags.root,
      wsRoot: flags['ws-root'],
      prefix: flags.prefix,
      loginUrl: flags['login-url'],
      totp: flags.totp,
      encrypt: flags.encrypt,
      replace: flags.replace,
    });
  }

  protected async text(change: ProfileChange): Promise<string> {
    const { profileChangeText } = await import('../../reports/profile-text.ts');
    return profileChangeText(change);
  }
}
