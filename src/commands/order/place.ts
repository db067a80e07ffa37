import type { HandPage } from '../../app/hand-order.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';
import { handFlags, rupees, side } from '../hand-flags.ts';

export default class OrderPlace extends AlgoCommand<HandPage> {
  static override summary = 'an order by hand: shows what would be sent and what it costs';
  static override description =
    'Sends it once when --confirm names the client id, in the sandbox too. An answer that does not come is looked up, never sent again. Exit code 6 when it was refused, did not leave, or nobody knows.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> BUY NSE:INFY 10 --product MIS',
    '<%= config.bin %> <%= command.id %> SELL NSE:INFY 10 --type LIMIT --price 1500 --product CNC --confirm AB1234',
  ];
  static override args = {
    side: side({ required: true }),
    symbol: Args.string({ description: 'instrument such as NSE:INFY', required: true }),
    quantity: Args.integer({ description: 'units; lots on MCX and in currencies', required: true }),
  };
  static override flags = {
    type: Flags.option({
      options: ['MARKET', 'LIMIT', 'SL', 'SL-M'] as const,
      description: 'order type; MARKET and SL-M go out with protection',
    })({ default: 'MARKET' }),
    price: rupees({ description: 'limit of LIMIT and SL' }),
    trigger: rupees({ description: 'trigger of SL and SL-M' }),
    product: Flags.option({
      options: ['CNC', 'MIS', 'NRML', 'MTF'] as const,
      description: 'CNC delivery, MIS intraday, NRML derivatives overnight',
    })({ required: true }),
    validity: Flags.option({ options: ['DAY', 'IOC'] as const, description: 'how long it waits' })({
      default: 'DAY',
    }),
    variety: Flags.option({
      options: ['regular', 'amo'] as const,
      description: 'amo: after market hours, for the next session',
    })({ default: 'regular' }),
    ...handFlags,
  };

  protected async execute(context: OpenContext): Promise<HandPage> {
    const { args, flags } = await this.parse(OrderPlace);
    const { placeByHand } = await import('../../app/hand-order.ts');
    return placeByHand(context, { ...args, ...flags });
  }

  protected async text(page: HandPage): Promise<string> {
    const { handText } = await import('../../reports/hand-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return handText(page, screenOf(process.stdout, process.env));
  }
}
