import type { TriggerPage } from '../../app/gtt.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { TriggerCommand, triggerArgs, triggerFlags, triggerId } from '../trigger-command.ts';

export default class GttModify extends TriggerCommand {
  static override summary = 'other prices or quantities for an active trigger';
  static override description =
    'Shows the trigger before and after, and sends the change when --confirm names the client id.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 100001 SELL NSE:INFY 10 --trigger 1410 --price 1405',
    '<%= config.bin %> <%= command.id %> 100001 SELL NSE:INFY 10 --trigger 1410 --price 1405 --confirm AB1234',
  ];
  static override args = { ...triggerId, ...triggerArgs };
  static override flags = triggerFlags;

  protected async execute(context: OpenContext): Promise<TriggerPage> {
    const { args, flags } = await this.parse(GttModify);
    const { modifyTrigger } = await import('../../app/gtt.ts');
    return modifyTrigger(context, { ...args, ...flags, triggers: flags.trigger, prices: flags.price });
  }
}
