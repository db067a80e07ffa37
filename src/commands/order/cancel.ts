import type { HandPage } from '../../app/hand-order.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args } from '../base-command.ts';
import { handFlags } from '../hand-flags.ts';

export default class OrderCancel extends AlgoCommand<HandPage> {
  static override summary = 'cancels an order of today: shows it first';
  static override description =
    'Asks for the cancel when --confirm names the client id. What has filled stays filled; a stop that is cancelled leaves its position without one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 151220000000000',
    '<%= config.bin %> <%= command.id %> 151220000000000 --confirm AB1234',
  ];
  static override args = {
    order: Args.string({ description: 'order id, as algo orders has it', required: true }),
  };
  static override flags = { ...handFlags };

  protected async execute(context: OpenContext): Promise<HandPage> {
    const { args, flags } = await this.parse(OrderCancel);
    const { cancelByHand } = await import('../../app/hand-order.ts');
    return cancelByHand(context, { orderId: args.order, ...flags });
  }

  protected async text(page: HandPage): Promise<string> {
    const { handText } = await import('../../reports/hand-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return handText(page, screenOf(process.stdout, process.env));
  }
}
