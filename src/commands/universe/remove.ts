import type { OpenContext } from '../../app/open-context.ts';
import type { RemovedUniverse } from '../../reports/universe-text.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class UniverseRemove extends AlgoCommand<RemovedUniverse> {
  static override summary = 'a saved universe, of all days or of one';
  static override examples = ['<%= config.bin %> <%= command.id %> mine'];
  static override args = { name: Args.string({ required: true, description: 'the universe' }) };
  static override flags = { day: Flags.string({ description: 'only the list of that day' }) };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<RemovedUniverse> {
    const { args, flags } = await this.parse(UniverseRemove);
    const { removeUniverse } = await import('../../app/universes.ts');
    return removeUniverse(context, { name: args.name, day: flags.day });
  }

  protected async text(removed: RemovedUniverse): Promise<string> {
    const { removedUniverseText } = await import('../../reports/universe-text.ts');
    return removedUniverseText(removed);
  }
}
