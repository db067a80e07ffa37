import type { OpenContext } from '../../app/open-context.ts';
import type { SavedUniverse } from '../../reports/universe-text.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class UniverseImport extends AlgoCommand<SavedUniverse> {
  static override summary = "a list of instruments from a file, such as NSE's members of an index";
  static override description =
    `CSV with a column of symbols (NSE's ind_nifty500list.csv: the column Industry becomes the sector), one instrument a line, or the
document of algo scan --json. With --day the list holds from that day on, beside those of other days.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> ind_nifty500list.csv --day 2026-09-30',
    '<%= config.bin %> <%= command.id %> hits.json --name breakouts',
  ];
  static override args = { path: Args.string({ required: true, description: 'the file' }) };
  static override flags = {
    name: Flags.string({
      description: 'what it is called; else after the file: ind_nifty500list is nifty500',
    }),
    day: Flags.string({ description: 'first day on which these were the members, YYYY-MM-DD' }),
    exchange: Flags.string({ default: 'NSE', description: 'exchange of symbols that name none' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<SavedUniverse> {
    const { args, flags } = await this.parse(UniverseImport);
    const { importUniverse } = await import('../../app/universes.ts');
    return importUniverse(context, { path: args.path, ...flags });
  }

  protected async text(saved: SavedUniverse): Promise<string> {
    const { savedUniverseText } = await import('../../reports/universe-text.ts');
    return savedUniverseText(saved);
  }
}
