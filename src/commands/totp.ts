import type { OpenContext } from '../app/open-context.ts';
import type { Totp } from '../app/totp.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand } from './base-command.ts';

export default class TotpCommand extends AlgoCommand<Totp> {
  static override summary = "the authenticator's code of this moment";
  static override description =
    `Prints the six digits of a key stored with algo profile add --totp, for a person to type. It logs nobody in.
A key kept beside the API secret is no second factor any more against whoever reads this computer's files.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --account main',
  ];
  static override flags = {
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<Totp> {
    const { flags } = await this.parse(TotpCommand);
    const { totp } = await import('../app/totp.ts');
    const answer = await totp(context, { account: flags.account });
    context.output.note(`Good for ${answer.secondsLeft} s.`);
    return answer;
  }

  protected text({ code }: Totp): string {
    return code;
  }
}
