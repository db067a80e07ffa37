import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

interface Imported {
  readonly lists: readonly {
    readonly file: string;
    readonly day: string;
    readonly listed: number;
    readonly changed: number;
  }[];
}

export default class InstrumentsImport extends AlgoCommand<Imported> {
  static override summary = "Kite's instrument lists into the archive, so that expired contracts stay known";
  static override description =
    'Every imported day is kept; a row is stored again only when it changes. The same list again changes nothing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> instruments-2026-08-18.csv.gz',
    '<%= config.bin %> <%= command.id %> NFO.csv NSE.csv --day 2026-08-18',
  ];
  static override strict = false;
  static override args = { path: Args.string({ description: 'files and folders', required: true }) };
  static override flags = {
    day: Flags.string({ description: 'day of the lists, YYYY-MM-DD; else from their names' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Imported> {
    const { argv, flags } = await this.parse(InstrumentsImport);
    const { archiveOf, importInstruments } = await import('../../app/instruments.ts');
    return importInstruments(archiveOf(context), argv.map(String), flags.day);
  }

  protected text({ lists }: Imported): string {
    return lists
      .map(
        ({ file, day, listed, changed }) =>
          `${file}: ${listed} instruments of ${day}, ${changed} new or changed`,
      )
      .join('\n');
  }
}
