import type { OrdersPage } from '../app/broker-reads.ts';
import type { OpenContext } from '../app/open-context.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class OrdersCommand extends AlgoCommand<OrdersPage> {
  static override summary = 'orders of today, as the broker has them';
  static override description =
    'Exit code 4 without a session that holds, 6 when the broker cannot be asked.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --open --json',
  ];
  static override flags = {
    open: Flags.boolean({ default: false, description: 'only those that have not ended' }),
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<OrdersPage> {
    const { flags } = await this.parse(OrdersCommand);
    const { ordersPage } = await import('../app/broker-reads.ts');
    return ordersPage(context, { open: flags.open, account: flags.account });
  }

  protected async text(page: OrdersPage): Promise<string> {
    const { ordersText } = await import('../reports/broker-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return ordersText(page, screenOf(process.stdout, process.env));
  }
}
