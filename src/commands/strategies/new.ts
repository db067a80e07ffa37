import type { OpenContext } from '../../app/open-context.ts';
import type { NewStrategyPage } from '../../reports/strategies-text.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class StrategiesNew extends AlgoCommand<NewStrategyPage> {
  static override summary = 'a new strategy file that runs as it is';
  static override description =
    "Written into the home folder's strategies. An existing strategy is never overwritten.";
  static override examples = ['<%= config.bin %> <%= command.id %> my_idea'];
  static override args = {
    name: Args.string({ description: 'name in snake_case, the file is called so too', required: true }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<NewStrategyPage> {
    const { args } = await this.parse(StrategiesNew);
    const { newStrategy } = await import('../../app/strategies.ts');
    return newStrategy(context, args.name);
  }

  protected async text(page: NewStrategyPage): Promise<string> {
    const { newStrategyText } = await import('../../reports/strategies-text.ts');
    return newStrategyText(page);
  }
}
