import type { OpenContext } from '../../app/open-context.ts';
import type { ListedRow } from '../../reports/instruments-text.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

interface Found {
  readonly listings: readonly ListedRow[];
}

export default class InstrumentsSearch extends AlgoCommand<Found> {
  static override summary = 'instruments whose symbol or name holds all words';
  static override examples = ['<%= config.bin %> <%= command.id %> nifty 25000 ce'];
  static override strict = false;
  static override args = { words: Args.string({ description: 'parts of symbol or name', required: true }) };
  static override flags = { limit: Flags.integer({ default: 50, min: 1, description: 'rows at most' }) };

  protected async execute(context: OpenContext): Promise<Found> {
    const { argv, flags } = await this.parse(InstrumentsSearch);
    const { archiveOf } = await import('../../app/instruments.ts');
    return { listings: await archiveOf(context).find({ words: argv.map(String), limit: flags.limit }) };
  }

  protected async text(found: Found): Promise<string> {
    const { instrumentsText } = await import('../../reports/instruments-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return instrumentsText(found, screenOf(process.stdout, process.env));
  }
}
