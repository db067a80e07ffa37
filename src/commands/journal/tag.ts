import type { NotedThing } from '../../app/journal-note.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class JournalTag extends AlgoCommand<NotedThing> {
  static override summary = 'put tags on a trade or a session, for algo analyze --by tag';
  static override description =
    `A tag of a session counts for all its trades. A trade with several tags is one row under all of them, so that rows sum to the total.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> paper/main/1/12 late-entry gap',
    '<%= config.bin %> <%= command.id %> paper/main/1/12 --remove gap',
  ];
  static override strict = false;
  static override args = {
    on: Args.string({
      required: true,
      description: 'trade like paper/main/1/12, or session like paper/main/1',
    }),
    tags: Args.string({ description: 'one or more tags' }),
  };
  static override flags = {
    remove: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'take a tag off; repeatable',
    }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<NotedThing> {
    const { argv, flags } = await this.parse(JournalTag);
    const { writeNote } = await import('../../app/journal-note.ts');
    const [on = '', ...tags] = argv.map(String);
    return writeNote(context, { on, tags, off: flags.remove ?? [] });
  }

  protected async text(noted: NotedThing): Promise<string> {
    const { notedText } = await import('../../reports/journal-text.ts');
    return notedText(noted);
  }
}
