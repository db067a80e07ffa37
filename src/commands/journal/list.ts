import type { StreamDocument } from '../../app/journal.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand } from '../base-command.ts';

export default class JournalList extends AlgoCommand<{ readonly streams: readonly StreamDocument[] }> {
  static override summary = 'sessions of every stream: state, orders, fills, account';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  protected async execute(context: OpenContext): Promise<{ readonly streams: readonly StreamDocument[] }> {
    const { journalStreams } = await import('../../app/journal.ts');
    return { streams: journalStreams(context) };
  }

  protected async text({ streams }: { readonly streams: readonly StreamDocument[] }): Promise<string> {
    const { journalListText } = await import('../../reports/journal-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return journalListText(streams, screenOf(process.stdout, process.env));
  }
}
