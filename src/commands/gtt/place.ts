import type { TriggerPage } from '../../app/gtt.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';
import { handFlags, rupees, side } from '../hand-flags.ts';

export default class GttPlace extends AlgoCommand<TriggerPage> {
  static override summary = 'an order that waits at the broker for a price, for up to a year';
  static override description =
    'Shows it, and places it when --confirm names the client id. A limit order is sent once, when the last price reaches or crosses the trigger; two triggers are a stop and a target of which the first wins.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> SELL NSE:INFY 10 --trigger 1400 --price 1395',
    '<%= config.bin %> <%= command.id %> SELL NSE:INFY 10 --trigger 1400 --price 1395 --trigger 1600 --price 1600 --confirm AB1234',
  ];
  static override args = {
    side: side({ required: true }),
    symbol: Args.string({ description: 'instrument such as NSE:INFY', required: true }),
    quantity: Args.integer({ description: 'units; lots on MCX and in currencies', required: true }),
  };
  static override flags = {
    trigger: rupees({
      multiple: true,
      multipleNonGreedy: true,
      required: true,
      description: 'price that is waited for; twice for a stop and a target',
    }),
    price: rupees({
      multiple: true,
      multipleNonGreedy: true,
      required: true,
      description: 'limit of the order it sends; as often as --trigger',
    }),
    product: Flags.option({
      options: ['CNC', 'NRML', 'MTF'] as const,
      description: 'CNC delivery, NRML derivatives overnight',
    })({ default: 'CNC' }),
    ...handFlags,
  };

  protected async execute(context: OpenContext): Promise<TriggerPage> {
    const { args, flags } = await this.parse(GttPlace);
    const { placeTrigger } = await import('../../app/gtt.ts');
    return placeTrigger(context, { ...args, ...flags, triggers: flags.trigger, prices: flags.price });
  }

  protected async text(page: TriggerPage): Promise<string> {
    const { triggerText } = await import('../../reports/hand-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return triggerText(page, screenOf(process.stdout, process.env));
  }
}
