import type { HandPage } from '../../app/hand-order.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';
import { handFlags, rupees } from '../hand-flags.ts';

export default class OrderModify extends AlgoCommand<HandPage> {
  static override summary = 'changes an order of today: shows it and what would change';
  static override description =
    'Sends the change when --confirm names the client id. A change of an order of a running session is its strategy’s business: the session sees it and may change it back.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 151220000000000 --price 1495',
    '<%= config.bin %> <%= command.id %> 151220000000000 --trigger 1490 --confirm AB1234',
  ];
  static override args = {
    order: Args.string({ description: 'order id, as algo orders has it', required: true }),
  };
  static override flags = {
    price: rupees({ description: 'new limit' }),
    trigger: rupees({ description: 'new trigger' }),
    quantity: Flags.integer({ min: 1, description: 'new quantity of the whole order' }),
    type: Flags.option({
      options: ['MARKET', 'LIMIT', 'SL', 'SL-M'] as const,
      description: 'new order type',
    })(),
    validity: Flags.option({ options: ['DAY', 'IOC'] as const, description: 'new validity' })(),
    ...handFlags,
  };

  protected async execute(context: OpenContext): Promise<HandPage> {
    const { args, flags } = await this.parse(OrderModify);
    const { modifyByHand } = await import('../../app/hand-order.ts');
    return modifyByHand(context, { orderId: args.order, ...flags });
  }

  protected async text(page: HandPage): Promise<string> {
    const { handText } = await import('../../reports/hand-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return handText(page, screenOf(process.stdout, process.env));
  }
}
