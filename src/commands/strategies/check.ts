import type { OpenContext } from '../../app/open-context.ts';
import type { StrategyCheckPage } from '../../reports/strategies-text.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class StrategiesCheck extends AlgoCommand<StrategyCheckPage> {
  static override summary = 'whether a strategy loads, sets up and stays within its market';
  static override examples = ['<%= config.bin %> <%= command.id %> ema20_50'];
  static override args = { name: Args.string({ description: 'strategy to check', required: true }) };

  protected async execute(context: OpenContext): Promise<StrategyCheckPage> {
    const { args } = await this.parse(StrategiesCheck);
    const { checkStrategy } = await import('../../app/check-strategy.ts');
    return checkStrategy(context, args.name);
  }

  protected async text(page: StrategyCheckPage): Promise<string> {
    const { strategyCheckText } = await import('../../reports/strategies-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return strategyCheckText(page, screenOf(process.stdout, process.env));
  }
}
