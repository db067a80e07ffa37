import type { OpenContext } from '../../app/open-context.ts';
import type { RecordingRow } from '../../reports/recordings-text.ts';
import { AlgoCommand } from '../base-command.ts';

interface Listed {
  readonly recordings: readonly RecordingRow[];
}

export default class RecordingsList extends AlgoCommand<Listed> {
  static override summary = 'recorded streams, the newest day first';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  protected async execute(context: OpenContext): Promise<Listed> {
    await this.parse(RecordingsList);
    const { recordingsList } = await import('../../app/recordings.ts');
    return recordingsList(context);
  }

  protected async text({ recordings }: Listed): Promise<string> {
    const { recordingsText } = await import('../../reports/recordings-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return recordingsText(recordings, screenOf(process.stdout, process.env));
  }
}
