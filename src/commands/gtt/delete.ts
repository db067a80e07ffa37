import type { TriggerPage } from '../../app/gtt.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { handFlags } from '../hand-flags.ts';
import { TriggerCommand, triggerId } from '../trigger-command.ts';

export default class GttDelete extends TriggerCommand {
  static override summary = 'deletes a trigger';
  static override description = 'Shows it, and deletes it when --confirm names the client id.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 100001',
    '<%= config.bin %> <%= command.id %> 100001 --confirm AB1234',
  ];
  static override args = triggerId;
  static override flags = handFlags;

  protected async execute(context: OpenContext): Promise<TriggerPage> {
    const { args, flags } = await this.parse(GttDelete);
    const { deleteTrigger } = await import('../../app/gtt.ts');
    return deleteTrigger(context, { id: args.id, ...flags });
  }
}
