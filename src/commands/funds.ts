import type { FundsPage } from '../app/broker-reads.ts';
import type { OpenContext } from '../app/open-context.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand } from './base-command.ts';

export default class FundsCommand extends AlgoCommand<FundsPage> {
  static override summary = 'cash and margins of the account';
  static override description =
    'Exit code 4 without a session that holds, 6 when the broker cannot be asked.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<FundsPage> {
    const { flags } = await this.parse(FundsCommand);
    const { fundsPage } = await import('../app/broker-reads.ts');
    return fundsPage(context, { account: flags.account });
  }

  protected async text(page: FundsPage): Promise<string> {
    const { fundsText } = await import('../reports/broker-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return fundsText(page, screenOf(process.stdout, process.env));
  }
}
