import type { SettingsChange } from '../../app/learn-apply.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

interface Applied {
  readonly study: string;
  readonly file: string;
  readonly diff: string;
  /** False when the person said no. */
  readonly written: boolean;
}

export default class LearnApply extends AlgoCommand<Applied> {
  static override summary = "writes a study's proposals into your settings, or takes them back";
  static override description =
    `Shows what would change in configs/default.yaml of your home folder, or of the profile in use, and asks before it writes; without
a terminal it needs --yes. --undo puts back what was there before, unless the file was edited since.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> last --yes',
    '<%= config.bin %> <%= command.id %> last --undo --yes',
  ];
  static override args = {
    study: Args.string({ default: 'last', description: 'id of a study, beginning of an id, or last' }),
  };
  static override flags = {
    undo: Flags.boolean({ default: false, description: 'put back what was there before' }),
    yes: Flags.boolean({ default: false, char: 'y', description: 'write without asking' }),
  };

  protected async execute(context: OpenContext): Promise<Applied> {
    const { args, flags } = await this.parse(LearnApply);
    const { applyChange, proposedChange, undoChange, undoingChange } = await import(
      '../../app/learn-apply.ts'
    );
    const change = flags.undo
      ? undoingChange(context, args.study)
      : proposedChange(context, { study: args.study, profile: flags.profile });
    const diff = await diffOf(change);
    if (!flags.yes) process.stderr.write(`${change.file}\n${diff}\n`);
    const { confirmed } = await import('../../app/confirmed.ts');
    const written = flags.yes || (await confirmed('Write this?'));
    if (written) await (flags.undo ? undoChange : applyChange)(context, change);
    return { study: change.study, file: change.file, diff, written };
  }

  protected text({ file, diff, written }: Applied): string {
    return written
      ? `${file}\n${diff}\nWritten. Take it back with: algo learn apply --undo`
      : 'Nothing was written.';
  }
}

async function diffOf({ before = '', after = '' }: SettingsChange): Promise<string> {
  const { lineDiff } = await import('../../reports/line-diff.ts');
  return lineDiff(before, after, { width: 100, colour: false });
}
