import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

interface Records {
  readonly stream: string;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

export default class JournalShow extends AlgoCommand<Records> {
  static override summary = 'the newest records of a stream, one JSON line each';
  static override examples = ['<%= config.bin %> <%= command.id %> main --last 20'];
  static override args = { stream: Args.string({ required: true, description: 'stream of a session' }) };
  static override flags = {
    last: Flags.integer({ default: 50, min: 1, description: 'how many records' }),
  };

  protected async execute(context: OpenContext): Promise<Records> {
    const { args, flags } = await this.parse(JournalShow);
    const { journalRecords } = await import('../../app/journal.ts');
    return journalRecords(context, args.stream, flags.last);
  }

  protected text({ records }: Records): string {
    return records.map((record) => JSON.stringify(record)).join('\n');
  }
}
