import type { SettingsChange } from '../../app/learn-apply.ts';
import type { OpenContext } from '../../app/open-context.ts';
import type { TrialDocument } from '../../reports/learn-json.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

interface Applied {
  readonly study: string;
  readonly file: string;
  readonly diff: string;
  /** What the held-out part came to without it and with it, where a backtest was studied. */
  readonly trial?: TrialDocument;
  /** False when the person said no, and of a dry run. */
  readonly written: boolean;
}

export default class LearnApply extends AlgoCommand<Applied> {
  static override summary = "writes a study's proposals into your settings, or takes them back";
  static override description =
    `Shows what would change in configs/default.yaml of your home folder, or of the profile in use, and what the held-out part came to
without it and with it; asks before it writes, and without a terminal needs --yes. --dry-run only shows. --undo puts back what was there before, unless the file was edited since.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> last --yes',
    '<%= config.bin %> <%= command.id %> last --undo --yes',
  ];
  static override args = {
    study: Args.string({ default: 'last', description: 'id of a study, beginning of an id, or last' }),
  };
  static override flags = {
    undo: Flags.boolean({ default: false, description: 'put back what was there before' }),
    'dry-run': Flags.boolean({ default: false, description: 'only show, write nothing', exclusive: ['yes'] }),
    yes: Flags.boolean({ default: false, char: 'y', description: 'write without asking' }),
  };

  #dryRun = false;

  protected async execute(context: OpenContext): Promise<Applied> {
    const { args, flags } = await this.parse(LearnApply);
    this.#dryRun = flags['dry-run'];
    const { applyChange, proposedChange, undoChange, undoingChange } = await import(
      '../../app/learn-apply.ts'
    );
    const change = flags.undo
      ? undoingChange(context, args.study)
      : proposedChange(context, { study: args.study, profile: flags.profile });
    const { openStudy } = await import('../../app/studies.ts');
    const { document } = openStudy(context, args.study);
    const trial = flags.undo ? undefined : document.trial;
    const diff = await diffOf(change);
    const shown = { study: change.study, file: change.file, diff, ...(trial && { trial }) };
    if (this.#dryRun) return { ...shown, written: false };
    if (!flags.yes) process.stderr.write(`${await this.#shown(shown)}\n`);
    const { confirmed } = await import('../../app/confirmed.ts');
    const written = flags.yes || (await confirmed('Write this?'));
    if (written) await (flags.undo ? undoChange : applyChange)(context, change);
    return { ...shown, written };
  }

  protected async text(applied: Applied): Promise<string> {
    if (!applied.written && !this.#dryRun) return 'Nothing was written.';
    const end = applied.written
      ? 'Written. Take it back with: algo learn apply --undo'
      : 'Nothing was written. Write it with: algo learn apply --yes';
    return `${await this.#shown(applied)}\n${end}`;
  }

  async #shown({ file, diff, trial }: Omit<Applied, 'written'>): Promise<string> {
    if (trial === undefined) return `${file}\n${diff}`;
    const { trialText } = await import('../../reports/learn-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return `${file}\n${diff}\n\n${trialText(trial, screenOf(process.stdout, process.env))}\n`;
  }
}

async function diffOf({ before = '', after = '' }: SettingsChange): Promise<string> {
  const { lineDiff } = await import('../../reports/line-diff.ts');
  return lineDiff(before, after, { width: 100, colour: false });
}
