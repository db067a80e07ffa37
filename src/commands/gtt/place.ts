import type { TriggerPage } from '../../app/gtt.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { TriggerCommand, triggerArgs, triggerFlags } from '../trigger-command.ts';

export default class GttPlace extends TriggerCommand {
  static override summary = 'an order that waits at the broker for a price, for up to a year';
  static override description =
    'Shows it, and places it when --confirm names the client id. A limit order is sent once, when the last price reaches or crosses the trigger; two triggers are a stop and a target of which the first wins.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> SELL NSE:INFY 10 --trigger 1400 --price 1395',
    '<%= config.bin %> <%= command.id %> SELL NSE:INFY 10 --trigger 1400 --price 1395 --trigger 1600 --price 1600 --confirm AB1234',
  ];
  static override args = triggerArgs;
  static override flags = triggerFlags;

  protected async execute(context: OpenContext): Promise<TriggerPage> {
    const { args, flags } = await this.parse(GttPlace);
    const { placeTrigger } = await import('../../app/gtt.ts');
    return placeTrigger(context, { ...args, ...flags, triggers: flags.trigger, prices: flags.price });
  }
}
