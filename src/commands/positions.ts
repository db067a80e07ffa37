import type { PositionsPage } from '../app/broker-reads.ts';
import type { OpenContext } from '../app/open-context.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class PositionsCommand extends AlgoCommand<PositionsPage> {
  static override summary = 'open positions of the account, as the broker has them';
  static override description =
    'Exit code 4 without a session that holds, 6 when the broker cannot be asked.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all --json',
  ];
  static override flags = {
    all: Flags.boolean({ default: false, description: 'also those that were closed today' }),
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<PositionsPage> {
    const { flags } = await this.parse(PositionsCommand);
    const { positionsPage } = await import('../app/broker-reads.ts');
    return positionsPage(context, { all: flags.all, account: flags.account });
  }

  protected async text(page: PositionsPage): Promise<string> {
    const { positionsText } = await import('../reports/broker-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return positionsText(page, screenOf(process.stdout, process.env));
  }
}
