import type { OpenContext } from '../app/open-context.ts';
import type { IndicatorsPage } from '../reports/indicators-text.ts';
import { AlgoCommand, Args } from './base-command.ts';

export default class Indicators extends AlgoCommand<IndicatorsPage> {
  static override summary = 'indicators a strategy can draw, with inputs, defaults and lines';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> macd',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override args = { name: Args.string({ description: 'one indicator, told in full' }) };

  protected async execute(_context: OpenContext): Promise<IndicatorsPage> {
    const { args } = await this.parse(Indicators);
    const { listIndicators } = await import('../app/indicators.ts');
    return listIndicators(args.name);
  }

  protected async text(page: IndicatorsPage): Promise<string> {
    const { indicatorsText } = await import('../reports/indicators-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return indicatorsText(page, screenOf(process.stdout, process.env));
  }
}
