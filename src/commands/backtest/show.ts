import type { OpenedRun } from '../../app/kept-runs.ts';
import type { OpenContext } from '../../app/open-context.ts';
import type { BacktestDocument } from '../../reports/backtest-schema.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class BacktestShow extends AlgoCommand<BacktestDocument> {
  static override summary = 'the report of a kept run';
  static override description = 'A run is named by its id, by the first letters of it, or as last.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> last',
    '<%= config.bin %> <%= command.id %> last --json',
  ];
  static override args = {
    run: Args.string({ required: true, description: 'id, beginning of an id, or last' }),
  };

  #run: OpenedRun | undefined;

  protected async execute(context: OpenContext): Promise<BacktestDocument> {
    const { args } = await this.parse(BacktestShow);
    const { openRun } = await import('../../app/kept-runs.ts');
    this.#run = openRun(context, args.run);
    return this.jsonEnabled() ? this.#run.document() : ({} as BacktestDocument);
  }

  protected async text(): Promise<string> {
    const { backtestReport } = await import('../../reports/backtest-report.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return this.#run ? backtestReport(this.#run.outcome, screenOf(process.stdout, process.env)) : '';
  }
}
