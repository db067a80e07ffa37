import type { HoldingsPage } from '../app/broker-reads.ts';
import type { OpenContext } from '../app/open-context.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand } from './base-command.ts';

export default class HoldingsCommand extends AlgoCommand<HoldingsPage> {
  static override summary = 'shares in the account, as the broker has them';
  static override description =
    'Exit code 4 without a session that holds, 6 when the broker cannot be asked.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<HoldingsPage> {
    const { flags } = await this.parse(HoldingsCommand);
    const { holdingsPage } = await import('../app/broker-reads.ts');
    return holdingsPage(context, { account: flags.account });
  }

  protected async text(page: HoldingsPage): Promise<string> {
    const { holdingsText } = await import('../reports/broker-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return holdingsText(page, screenOf(process.stdout, process.env));
  }
}
