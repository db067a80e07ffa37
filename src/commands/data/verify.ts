import type { VerifyResult } from '../../app/data-verify.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Args, Flags } from '../base-command.ts';

export default class DataVerify extends AlgoCommand<VerifyResult> {
  static override summary =
    'stored bars against calendar, ticks and each other; exit code 8 when something is wrong';
  static override description =
    `Finds missing, extra and duplicate bars, impossible prices, prices off that day's tick, bars without volume, spikes,
unadjusted splits and feeds that stood still. --fix drops bars outside every session and changes no price.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> NSE:INFY NSE:TCS --timeframe 1m --json',
    '<%= config.bin %> <%= command.id %> all --fix',
  ];
  static override strict = false;
  static override args = { symbols: Args.string({ description: 'instruments; all unless named' }) };
  static override flags = {
    timeframe: Flags.string({ char: 'i', description: 'only series of this timeframe' }),
    fix: Flags.boolean({ default: false, description: 'drop bars that lie outside every session' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<VerifyResult> {
    const { argv, flags } = await this.parse(DataVerify);
    const { verifyData } = await import('../../app/data-verify.ts');
    const { historyOf } = await import('../../app/open-history.ts');
    const { loadRulebook } = await import('../../config/rulebook.ts');
    const rulebook = loadRulebook(context.folders.root, context.folders.home);
    const parts = { store: historyOf(context), rulebook, output: context.output };
    const result = await verifyData(parts, { ...flags, symbols: argv.map(String) });
    const { exitCodes } = await import('../../domain/errors.ts');
    if (!result.clean) process.exitCode = exitCodes.check;
    return result;
  }

  protected async text(result: VerifyResult): Promise<string> {
    const { dataVerifyText } = await import('../../reports/data-verify-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return dataVerifyText(result, screenOf(process.stdout, process.env));
  }
}
