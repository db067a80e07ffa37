import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args } from '../base-command.ts';

interface Removed {
  readonly removed: string;
}

export default class RecordingsRm extends AlgoCommand<Removed> {
  static override summary = 'remove a recording';
  static override examples = ['<%= config.bin %> <%= command.id %> 2026-10-06/paper-main-091000'];
  static override args = {
    recording: Args.string({ required: true, description: 'name as listed, a part of it, or a file' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Removed> {
    const { args } = await this.parse(RecordingsRm);
    const { recordingRemove } = await import('../../app/recordings.ts');
    return recordingRemove(context, args.recording);
  }

  protected text({ removed }: Removed): string {
    return `Removed ${removed}.`;
  }
}
