import type { NotedThing } from '../../app/journal-note.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class JournalNote extends AlgoCommand<NotedThing> {
  static override summary = 'write a note on a trade or a session, shown in reports';
  static override description =
    `Notes lie in a checksummed file of their own beside the journal, which is never changed. Without words it shows what is written.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> paper/main/1/12 "chased it after the gap"',
    '<%= config.bin %> <%= command.id %> paper/main/1 "expiry day, half size"',
  ];
  static override args = {
    on: Args.string({
      required: true,
      description: 'trade like paper/main/1/12, or session like paper/main/1',
    }),
    note: Args.string({ description: 'the words; up to 1,000 characters' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<NotedThing> {
    const { args } = await this.parse(JournalNote);
    const { writeNote } = await import('../../app/journal-note.ts');
    return writeNote(context, { on: args.on, note: args.note });
  }

  protected async text(noted: NotedThing): Promise<string> {
    const { notedText } = await import('../../reports/journal-text.ts');
    return notedText(noted);
  }
}
