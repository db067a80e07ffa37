import type { TriggerPage } from '../../app/gtt.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';
import { handFlags, rupees, side } from '../hand-flags.ts';

export default class GttModify extends AlgoCommand<TriggerPage> {
  static override summary = 'other prices or quantities for an active trigger';
  static override description =
    'Shows the trigger before and after, and sends the change when --confirm names the client id.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 100001 SELL NSE:INFY 10 --trigger 1410 --price 1405',
    '<%= config.bin %> <%= command.id %> 100001 SELL NSE:INFY 10 --trigger 1410 --price 1405 --confirm AB1234',
  ];
  static override args = {
    id: Args.integer({ description: 'trigger id, as algo gtt list has it', required: true }),
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
    const { args, flags } = await this.parse(GttModify);
    const { modifyTrigger } = await import('../../app/gtt.ts');
    return modifyTrigger(context, { ...args, ...flags, triggers: flags.trigger, prices: flags.price });
  }

  protected async text(page: TriggerPage): Promise<string> {
    const { triggerText } = await import('../../reports/hand-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return triggerText(page, screenOf(process.stdout, process.env));
  }
}
