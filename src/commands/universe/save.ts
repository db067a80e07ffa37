import type { OpenContext } from '../../app/open-context.ts';
import type { SavedUniverse } from '../../reports/universe-text.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class UniverseSave extends AlgoCommand<SavedUniverse> {
  static override summary = 'instruments, other universes, or what a scan finds, under a name';
  static override description =
    'The list is a text file of the home folder, universes/<name>.txt, one instrument a line; edit it as you like.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> mine SYN:ZAVORI SYN:KENDRUM',
    '<%= config.bin %> <%= command.id %> breakouts --scan breakout_volume --universe nifty500',
  ];
  static override strict = false;
  static override args = {
    name: Args.string({ required: true, description: 'lower case, such as nifty_top' }),
    words: Args.string({ description: 'instruments, universes or files' }),
  };
  static override flags = {
    scan: Flags.string({ description: 'take the hits of this scan of configs/scans.yaml' }),
    where: Flags.string({ description: 'take the hits of this condition' }),
    universe: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'what --scan and --where look at; repeatable',
    }),
    'as-of': Flags.string({ description: 'day or instant of the scan' }),
    day: Flags.string({ description: 'the list holds from that day on, YYYY-MM-DD; else always' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<SavedUniverse> {
    const { args, argv, flags } = await this.parse(UniverseSave);
    const { saveUniverse } = await import('../../app/universes.ts');
    const { scan: name, where, universe = [], day } = flags;
    const scanned = name !== undefined || where !== undefined;
    return saveUniverse(context, {
      name: args.name,
      words: argv.slice(1).map(String),
      scan: scanned
        ? { name, where: where === undefined ? undefined : [where], universe, asOf: flags['as-of'] }
        : undefined,
      day,
    });
  }

  protected async text(saved: SavedUniverse): Promise<string> {
    const { savedUniverseText } = await import('../../reports/universe-text.ts');
    return savedUniverseText(saved);
  }
}
