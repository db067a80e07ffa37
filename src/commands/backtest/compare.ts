import type { OpenContext } from '../../app/open-context.ts';
import type { RunComparison } from '../../reports/run-comparison.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class BacktestCompare extends AlgoCommand<RunComparison> {
  static override summary = 'why two kept runs differ';
  static override description =
    'Inputs that differ, figures side by side, and which trades and charges make up the difference of the nets, to the paisa.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 3f9c 81d2',
    '<%= config.bin %> <%= command.id %> 3f9c last --json',
  ];
  static override args = {
    first: Args.string({ required: true, description: 'id, beginning of an id, or last' }),
    second: Args.string({ required: true, description: 'the run it is compared with' }),
  };

  protected async execute(context: OpenContext): Promise<RunComparison> {
    const { args } = await this.parse(BacktestCompare);
    const { openRun } = await import('../../app/kept-runs.ts');
    const { runComparison } = await import('../../reports/run-comparison.ts');
    return runComparison(openRun(context, args.first), openRun(context, args.second));
  }

  protected async text(comparison: RunComparison): Promise<string> {
    const { runComparisonText } = await import('../../reports/run-comparison-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return runComparisonText(comparison, screenOf(process.stdout, process.env));
  }
}
