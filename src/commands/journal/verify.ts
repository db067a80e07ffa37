import type { StreamDocument } from '../../app/journal.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class JournalVerify extends AlgoCommand<{ readonly streams: readonly StreamDocument[] }> {
  static override summary =
    'every checksum, number and seal of the journals; exit code 8 when one is damaged';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> main --json',
  ];
  static override args = { stream: Args.string({ description: 'one stream; all unless named' }) };

  protected async execute(context: OpenContext): Promise<{ readonly streams: readonly StreamDocument[] }> {
    const { args } = await this.parse(JournalVerify);
    const { journalStreams } = await import('../../app/journal.ts');
    const streams = journalStreams(context, args.stream);
    if (streams.some(({ faults }) => faults.length > 0)) {
      const { exitCodes } = await import('../../domain/errors.ts');
      process.exitCode = exitCodes.check;
    }
    return { streams };
  }

  protected async text({ streams }: { readonly streams: readonly StreamDocument[] }): Promise<string> {
    const { journalVerifyText } = await import('../../reports/journal-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return journalVerifyText(streams, screenOf(process.stdout, process.env));
  }
}
