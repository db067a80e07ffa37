import type { JournalRebuild as Rebuilt } from '../../app/journal-export.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class JournalRebuild extends AlgoCommand<Rebuilt> {
  static override summary =
    'read the journals again from their first record and count what their tables hold';
  static override description =
    `The tables that analyze and export read are derived: what was packed of sealed files under the cache folder is made again, every
checksum is looked at, and the same journals give the same tables. Exit code 8 when a journal is damaged.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --stream equity --json',
  ];
  static override flags = {
    mode: Flags.string({ default: 'all', options: ['paper', 'live', 'all'], description: 'whose journals' }),
    stream: Flags.string({ description: 'one stream; all unless named' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Rebuilt> {
    const { flags } = await this.parse(JournalRebuild);
    const { rebuildJournal } = await import('../../app/journal-export.ts');
    const rebuilt = await rebuildJournal(context, flags);
    if (rebuilt.streams.some(({ faults }) => faults.length > 0)) {
      const { exitCodes } = await import('../../domain/errors.ts');
      process.exitCode = exitCodes.check;
    }
    return rebuilt;
  }

  protected async text(rebuilt: Rebuilt): Promise<string> {
    const { journalRebuildText } = await import('../../reports/journal-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return journalRebuildText(rebuilt, screenOf(process.stdout, process.env));
  }
}
