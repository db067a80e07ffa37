import type { OpenContext } from '../../app/open-context.ts';
import type { MarketPage } from '../../reports/market-json.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class MarketContext extends AlgoCommand<MarketPage> {
  static override summary = 'regime, volatility, breadth, sectors, expiries and bans of a day';
  static override description =
    'Every figure says of which day it is; what cannot be told says why and what to run. docs/market.md has the rules.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --universe nifty500 --as-of 2026-10-06 --json',
    '<%= config.bin %> <%= command.id %> --html market.html',
  ];
  static override flags = {
    universe: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'shares that are counted, instruments and universes; repeatable',
    }),
    index: Flags.string({ description: 'index whose regime it is; else NSE:NIFTY 50, or SYN:INDEX' }),
    'as-of': Flags.string({ description: 'day or instant in India; bars that closed later are not seen' }),
    html: Flags.string({ description: 'write it as one offline page' }),
    open: Flags.boolean({ default: false, description: 'show the page of --html in the browser' }),
  };

  protected async execute(context: OpenContext): Promise<MarketPage> {
    const { flags } = await this.parse(MarketContext);
    const { marketContext } = await import('../../app/market-context.ts');
    const { listedPageWriter } = await import('../../app/export-report.ts');
    const write = listedPageWriter(context, { file: flags.html, open: flags.open });
    const page = await marketContext(context, {
      ...{ universe: flags.universe ?? [], index: flags.index, asOf: flags['as-of'] },
    });
    const { marketPage } = await import('../../reports/market-text.ts');
    await write(() => marketPage(page));
    return page;
  }

  protected async text(page: MarketPage): Promise<string> {
    const { marketPage } = await import('../../reports/market-text.ts');
    const { listedText } = await import('../../reports/listed-page.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return listedText(marketPage(page), screenOf(process.stdout, process.env));
  }
}
