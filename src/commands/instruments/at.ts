import type { OpenContext } from '../../app/open-context.ts';
import type { ListedRow } from '../../reports/instruments-text.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

interface Found {
  readonly listings: readonly ListedRow[];
}

export default class InstrumentsAt extends AlgoCommand<Found> {
  static override summary = 'what was listed on a day';
  static override examples = ['<%= config.bin %> <%= command.id %> 2024-04-10 --underlying NIFTY --type CE'];
  static override args = { day: Args.string({ description: 'day as YYYY-MM-DD', required: true }) };
  static override flags = {
    underlying: Flags.string({ description: 'contracts on this only' }),
    type: Flags.option({ options: ['EQ', 'FUT', 'CE', 'PE'] as const, description: 'of this type only' })(),
    exchange: Flags.string({ description: 'of this exchange only' }),
    expiry: Flags.string({ description: 'that expire on this day only' }),
    limit: Flags.integer({ default: 10_000, min: 1, description: 'rows at most' }),
  };

  protected async execute(context: OpenContext): Promise<Found> {
    const { args, flags } = await this.parse(InstrumentsAt);
    const { archiveOf, instrumentsAt } = await import('../../app/instruments.ts');
    return instrumentsAt(archiveOf(context), { ...flags, day: args.day });
  }

  protected async text(found: Found): Promise<string> {
    const { instrumentsText } = await import('../../reports/instruments-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return instrumentsText(found, screenOf(process.stdout, process.env));
  }
}
