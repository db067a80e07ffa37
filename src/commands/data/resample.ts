import type { ResampleResult } from '../../app/data-resample.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class DataResample extends AlgoCommand<ResampleResult> {
  static override summary = 'slower bars made from stored ones, and stored beside them';
  static override description =
    `Runs make slower bars by themselves; storing them saves that work or fixes what they were made of. Bars are anchored to
the opening of the session. Run it again after importing more of the source.`;
  static override examples = ['<%= config.bin %> <%= command.id %> NSE:INFY --timeframe 15m'];
  static override strict = false;
  static override args = { symbols: Args.string({ description: 'instruments, or all', required: true }) };
  static override flags = {
    timeframe: Flags.string({ char: 'i', required: true, description: 'length of the bars to make' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<ResampleResult> {
    const { argv, flags } = await this.parse(DataResample);
    const { resampleData } = await import('../../app/data-resample.ts');
    const { historyOf } = await import('../../app/open-history.ts');
    const { loadRulebook } = await import('../../config/rulebook.ts');
    const { calendar } = loadRulebook(context.folders.root, context.folders.home);
    return resampleData({ store: historyOf(context), calendar }, { ...flags, symbols: argv.map(String) });
  }

  protected async text({ saved, series }: ResampleResult): Promise<string> {
    const { tableText } = await import('../../reports/table.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return tableText(
      {
        columns: ['symbol', 'made from', 'timeframe', 'bars', 'from', 'to', 'left out'],
        rows: series.map((row) => [
          row.symbol,
          row.source,
          row.timeframe,
          row.bars,
          row.from.slice(0, 16).replace('T', ' '),
          row.to.slice(0, 16).replace('T', ' '),
          row.dropped,
        ]),
        notes: [`${saved} bars are new or changed in the history.`],
      },
      screenOf(process.stdout, process.env),
    );
  }
}
