import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

interface ResetResult {
  readonly stream: string;
  /** Null when no session was unfinished. */
  readonly abandoned: string | null;
}

export default class PaperReset extends AlgoCommand<ResetResult> {
  static override summary = 'end an unfinished paper session; its journal stays';
  static override examples = ['<%= config.bin %> <%= command.id %> --stream equity'];
  static override flags = {
    stream: Flags.string({ default: 'main', description: 'name of the session’s journal' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<ResetResult> {
    const { flags } = await this.parse(PaperReset);
    const { abandonSession } = await import('../../app/journal.ts');
    return { stream: flags.stream, abandoned: (await abandonSession(context, flags.stream)) ?? null };
  }

  protected text({ stream, abandoned }: ResetResult): string {
    return abandoned === null
      ? `No session of stream ${stream} is unfinished.`
      : `Session ${abandoned} of stream ${stream} is ended as abandoned; the next start begins a new one.`;
  }
}
