import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

interface Removal {
  readonly removed: readonly string[];
}

export default class BacktestRm extends AlgoCommand<Removal> {
  static override summary = 'removes kept runs';
  static override description = 'Asks before it removes anything; without a terminal it needs --yes.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> last --yes',
    '<%= config.bin %> <%= command.id %> --older 30d --yes',
  ];
  static override strict = false;
  static override args = { run: Args.string({ description: 'ids, beginnings of ids, or last' }) };
  static override flags = {
    older: Flags.string({ description: 'runs saved longer ago than 12h, 30d or 4w' }),
    all: Flags.boolean({ default: false, description: 'every kept run' }),
    yes: Flags.boolean({ default: false, char: 'y', description: 'remove without asking' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Removal> {
    const { argv, flags } = await this.parse(BacktestRm);
    const { removeRuns, runsToRemove } = await import('../../app/kept-runs.ts');
    const { confirmed } = await import('../../app/confirmed.ts');
    const runs = runsToRemove(context, { ids: argv.map(String), older: flags.older, all: flags.all });
    const what = `${runs.length} kept run${runs.length === 1 ? '' : 's'}`;
    if (runs.length === 0 || !(flags.yes || (await confirmed(`Remove ${what}?`)))) return { removed: [] };
    removeRuns(context, runs);
    return { removed: runs.map(({ id }) => id) };
  }

  protected text({ removed }: Removal): string {
    return removed.length === 0 ? 'Nothing was removed.' : `Removed ${removed.join(', ')}.`;
  }
}
