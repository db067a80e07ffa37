import type { JournalExport as Exported } from '../../app/journal-export.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class JournalExport extends AlgoCommand<Exported> {
  static override summary = 'trades, orders and the other tables of the journals into CSV, Parquet or NDJSON';
  static override description =
    `Tables: orders, fills, trades, positions, equity, signals, runs. They are made of the journals each time, also while a session
runs. A file takes one table, a folder (its name ends in /) all of them. Days are those of the exit for trades.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> trades.csv --from 2026-10-01 --to 2026-10-31',
    '<%= config.bin %> <%= command.id %> orders.parquet --table orders --stream equity',
    '<%= config.bin %> <%= command.id %> tables/ --format ndjson',
  ];
  static override args = { file: Args.string({ required: true, description: 'file or folder/' }) };
  static override flags = {
    table: Flags.string({ description: 'one table; trades unless named, all of them into a folder' }),
    format: Flags.string({ description: 'of the files of a folder: csv (default), parquet or ndjson' }),
    mode: Flags.string({ default: 'all', options: ['paper', 'live', 'all'], description: 'whose journals' }),
    stream: Flags.string({ description: 'one stream; all unless named' }),
    from: Flags.string({ description: 'first day, YYYY-MM-DD' }),
    to: Flags.string({ description: 'last day, YYYY-MM-DD, included' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Exported> {
    const { args, flags } = await this.parse(JournalExport);
    const { exportJournal } = await import('../../app/journal-export.ts');
    return exportJournal(context, { ...flags, file: args.file });
  }

  protected async text(done: Exported): Promise<string> {
    const { journalExportText } = await import('../../reports/journal-text.ts');
    return journalExportText(done);
  }
}
