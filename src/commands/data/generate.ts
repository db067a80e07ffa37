import type { Generated } from '../../app/data-generate.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class DataGenerate extends AlgoCommand<Generated> {
  static override summary = 'invented market into the history, for trying things without an account';
  static override description =
    `Deterministic: the same seed and first day give the same prices on every machine.
Instruments are SYN:INDEX and stocks of the invented exchange SYN, under NSE's calendar, ticks and charges.
--with adds monthly futures on the index and three stocks, weekly index options, the volatility index SYN:VIX, circuit days and
corporate actions. Options are many: 60 days are about 1,000,000 bars of five minutes.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --seed 7 --from 2025-10-01 --days 60',
    '<%= config.bin %> <%= command.id %> --symbols 20 --timeframe 15m --check',
    '<%= config.bin %> <%= command.id %> --with futures,options,vix --days 60 --home ./practice',
    '<%= config.bin %> <%= command.id %> --scenario crash --days 60 --home ./crash',
  ];
  static override flags = {
    seed: Flags.integer({ description: 'whole number from 0 to 4294967295' }),
    from: Flags.string({ description: 'first day as YYYY-MM-DD' }),
    days: Flags.integer({ description: 'trading days' }),
    symbols: Flags.integer({ description: 'stocks beside the index, 0 to 20' }),
    timeframe: Flags.string({ char: 'i', description: 'length of the stored bars: 1m, 5m, 15m or day' }),
    scenario: Flags.string({ description: 'crash, trend, chop or halt instead of a calm market' }),
    with: Flags.string({ description: 'also futures, options, vix, circuits, actions; separated by commas' }),
    'options-timeframe': Flags.string({ description: 'length of the bars of options: 1m or 5m (default)' }),
    check: Flags.boolean({ default: false, description: 'measure the market against NSE' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Generated> {
    const { flags } = await this.parse(DataGenerate);
    const { runDataGenerate } = await import('../../app/run-data-generate.ts');
    return runDataGenerate(context, { ...flags, optionsTimeframe: flags['options-timeframe'] });
  }

  protected async text(generated: Generated): Promise<string> {
    const { dataGenerateText } = await import('../../reports/data-generate-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return dataGenerateText(generated, screenOf(process.stdout, process.env));
  }
}
