import type { OpenContext } from '../../app/open-context.ts';
import type { ListedRow } from '../../reports/instruments-text.ts';
import { AlgoCommand, Args } from '../base-command.ts';

interface Found {
  readonly listings: readonly ListedRow[];
}

export default class InstrumentsShow extends AlgoCommand<Found> {
  static override summary = 'one instrument through all imported lists, newest first';
  static override examples = ['<%= config.bin %> <%= command.id %> NFO:NIFTY26AUGFUT'];
  static override args = { instrument: Args.string({ description: 'EXCHANGE:SYMBOL', required: true }) };

  protected async execute(context: OpenContext): Promise<Found> {
    const { args } = await this.parse(InstrumentsShow);
    const { archiveOf, showInstrument } = await import('../../app/instruments.ts');
    return showInstrument(archiveOf(context), args.instrument);
  }

  protected async text(found: Found): Promise<string> {
    const { instrumentsText } = await import('../../reports/instruments-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return instrumentsText(found, screenOf(process.stdout, process.env));
  }
}
