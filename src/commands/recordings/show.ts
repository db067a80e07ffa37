import type { OpenContext } from '../../app/open-context.ts';
import type { RecordingPage } from '../../reports/recordings-text.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class RecordingsShow extends AlgoCommand<RecordingPage> {
  static override summary = 'what a recording holds, and whether it is whole';
  static override description =
    'Reads the recording to its end. One that was cut off or damaged ends with exit code 8; what stands before can be played.';
  static override examples = ['<%= config.bin %> <%= command.id %> 2026-10-06/paper-main-091000'];
  static override args = {
    recording: Args.string({ required: true, description: 'name as listed, a part of it, or a file' }),
  };

  protected async execute(context: OpenContext): Promise<RecordingPage> {
    const { args } = await this.parse(RecordingsShow);
    const { recordingShow } = await import('../../app/recordings.ts');
    const page = recordingShow(context, args.recording);
    if (page.fault !== null) {
      const { exitCodes } = await import('../../domain/errors.ts');
      process.exitCode = exitCodes.check;
    }
    return page;
  }

  protected async text(page: RecordingPage): Promise<string> {
    const { recordingText } = await import('../../reports/recordings-text.ts');
    return recordingText(page);
  }
}
