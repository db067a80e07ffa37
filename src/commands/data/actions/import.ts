import type { ActionsResult } from '../../../app/data-actions.ts';
import type { OpenContext } from '../../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../../base-command.ts';

export default class DataActionsImport extends AlgoCommand<ActionsResult> {
  static override summary = 'splits, bonuses and other actions, by which runs adjust prices';
  static override description =
    `CSV with symbol, ex_date, kind and ratio or factor. A split is 1:5 by shares or 10:2 by face value, a bonus 1:2 gives one share
for two held; factor is what prices before the day are multiplied by. Stored bars stay as printed.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> actions.csv',
    '<%= config.bin %> <%= command.id %> splits.csv --exchange NSE --date-format M/D/YYYY',
  ];
  static override strict = false;
  static override args = { path: Args.string({ description: 'files', required: true }) };
  static override flags = {
    exchange: Flags.string({ default: 'NSE', description: 'exchange of symbols that name none' }),
    'date-format': Flags.string({ description: 'order of dates that could be read two ways' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<ActionsResult> {
    const { argv, flags } = await this.parse(DataActionsImport);
    const { importActions } = await import('../../../app/data-actions.ts');
    const { historyOf } = await import('../../../app/open-history.ts');
    return importActions(historyOf(context), {
      paths: argv.map(String),
      exchange: flags.exchange,
      dateFormat: flags['date-format'],
    });
  }

  protected text({ read, changed, withoutBars }: ActionsResult): string {
    const waiting = withoutBars > 0 ? ` ${withoutBars} shares have no stored bars yet.` : '';
    return `Read ${read} actions, ${changed} new or changed.${waiting}`;
  }
}
