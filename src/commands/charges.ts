import type { ChargesPage } from '../app/charges-page.ts';
import type { OpenContext } from '../app/open-context.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class Charges extends AlgoCommand<ChargesPage> {
  static override summary = 'what an order or a round trip costs at Zerodha, line by line';
  static override examples = [
    '<%= config.bin %> charges --segment EQ_INTRADAY --side BOTH --quantity 400 --price 1000 --exit-price 1100 --date 2026-11-20',
    '<%= config.bin %> charges --segment EQ_FUT --side BOTH --quantity 65 --price 24000 --compare 2024-09-30,2026-04-01',
  ];
  static override flags = {
    segment: Flags.string({
      required: true,
      description: 'EQ_DELIVERY, EQ_INTRADAY, EQ_FUT, EQ_OPT, CUR_FUT, CUR_OPT, COM_FUT or COM_OPT',
    }),
    side: Flags.string({ default: 'BOTH', description: 'BUY, SELL or BOTH' }),
    quantity: Flags.string({ required: true, description: 'units' }),
    price: Flags.string({ required: true, description: 'rupees a unit; premium for options' }),
    'exit-price': Flags.string({ description: 'rupees a unit of the closing order' }),
    date: Flags.string({ description: 'day of the price list; today when left out' }),
    exchange: Flags.string({ description: 'exchange; the segment decides when left out' }),
    underlying: Flags.string({ description: 'underlying of a derivative, where rates differ by it' }),
    compare: Flags.string({ description: 'further days side by side, comma-separated' }),
  };

  protected async execute({ folders }: OpenContext): Promise<ChargesPage> {
    const { flags } = await this.parse(Charges);
    const { chargesPage } = await import('../app/charges.ts');
    return chargesPage(folders, { ...flags, exitPrice: flags['exit-price'] });
  }

  protected async text(page: ChargesPage): Promise<string> {
    const { chargesText } = await import('../reports/charges-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return chargesText(page, screenOf(process.stdout, process.env));
  }
}
