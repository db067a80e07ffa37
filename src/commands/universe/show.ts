import type { OpenContext } from '../../app/open-context.ts';
import type { UniversePage } from '../../reports/universe-text.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class UniverseShow extends AlgoCommand<UniversePage> {
  static override summary = 'what a universe stands for, what of it is stored, and why the rest is not';
  static override examples = [
    '<%= config.bin %> <%= command.id %> synthetic',
    '<%= config.bin %> <%= command.id %> nifty500 --day 2026-03-31 --json',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'a saved universe, F&O, all, synthetic, or a file' }),
  };
  static override flags = {
    day: Flags.string({ description: 'members of that day, YYYY-MM-DD; today when left out' }),
  };

  protected async execute(context: OpenContext): Promise<UniversePage> {
    const { args, flags } = await this.parse(UniverseShow);
    const { showUniverse } = await import('../../app/universes.ts');
    return showUniverse(context, { name: args.name, day: flags.day });
  }

  protected async text(page: UniversePage): Promise<string> {
    const { universeText } = await import('../../reports/universe-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return universeText(page, screenOf(process.stdout, process.env));
  }
}
