import type { OpenContext } from '../../../app/open-context.ts';
import type { BansImported } from '../../../reports/market-json.ts';
import { AlgoCommand, Args } from '../../base-command.ts';

export default class MarketBansImport extends AlgoCommand<BansImported> {
  static override summary = "NSE's lists of shares in the F&O ban period, fo_secban.csv";
  static override description =
    'The file says of which trading day it is; lists of other days stay. algo market context shows the list of its day.';
  static override examples = ['<%= config.bin %> <%= command.id %> fo_secban.csv'];
  static override strict = false;
  static override args = { path: Args.string({ description: 'files and folders', required: true }) };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<BansImported> {
    const { argv } = await this.parse(MarketBansImport);
    const { importBans } = await import('../../../app/market-bans.ts');
    return importBans(context, argv.map(String));
  }

  protected text({ lists }: BansImported): string {
    return lists.map(({ file, day, instruments }) => `${file}: ${instruments} banned on ${day}`).join('\n');
  }
}
