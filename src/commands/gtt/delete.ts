import type { TriggerPage } from '../../app/gtt.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args } from '../base-command.ts';
import { handFlags } from '../hand-flags.ts';

export default class GttDelete extends AlgoCommand<TriggerPage> {
  static override summary = 'deletes a trigger';
  static override description = 'Shows it, and deletes it when --confirm names the client id.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 100001',
    '<%= config.bin %> <%= command.id %> 100001 --confirm AB1234',
  ];
  static override args = {
    id: Args.integer({ description: 'trigger id, as algo gtt list has it', required: true }),
  };
  static override flags = {
    ...handFlags,
  };

  protected async execute(context: OpenContext): Promise<TriggerPage> {
    const { args, flags } = await this.parse(GttDelete);
    const { deleteTrigger } = await import('../../app/gtt.ts');
    return deleteTrigger(context, { id: args.id, ...flags });
  }

  protected async text(page: TriggerPage): Promise<string> {
    const { triggerText } = await import('../../reports/hand-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return triggerText(page, screenOf(process.stdout, process.env));
  }
}
