import type { OpenContext } from '../../app/open-context.ts';
import type { LearnDocument } from '../../reports/learn-json.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class LearnRun extends AlgoCommand<LearnDocument> {
  static override summary = 'what the trades of a backtest, of paper or of live sessions teach';
  static override description =
    `Scores each trade, looks for conditions in which a strategy earns or bleeds, and tests what it finds on trades that it has
not looked at. What holds there and can be said in a setting becomes a proposal, and the backtest is run again with it; nothing is
changed. Without --mode and --stream it takes the newest kept backtest.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --run last --strategy ema20_50 --holdout 40',
    '<%= config.bin %> <%= command.id %> --mode paper --stream main',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    run: Flags.string({ description: 'id of a kept run or a session, beginning of an id, or last' }),
    mode: Flags.string({
      options: ['paper', 'live', 'all'],
      description: 'the journals of these sessions instead of a backtest',
    }),
    stream: Flags.string({ description: 'sessions of one stream' }),
    strategy: Flags.string({
      char: 's',
      multiple: true,
      multipleNonGreedy: true,
      description: 'only trades of it; repeatable',
    }),
    holdout: Flags.integer({
      default: 30,
      min: 10,
      max: 60,
      description: 'percent of the trades, the newest, that are not learnt from',
    }),
    seed: Flags.integer({ default: 1, min: 0, max: 4_294_967_295, description: 'of the resampling' }),
  };

  protected async execute(context: OpenContext): Promise<LearnDocument> {
    const { flags } = await this.parse(LearnRun);
    const { learn } = await import('../../app/learn.ts');
    return learn(context, {
      run: flags.run,
      mode: flags.mode,
      stream: flags.stream,
      strategies: flags.strategy ?? [],
      heldOutPercent: flags.holdout,
      seed: flags.seed,
    });
  }

  protected async text(document: LearnDocument): Promise<string> {
    const { learnText } = await import('../../reports/learn-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return learnText(document, screenOf(process.stdout, process.env));
  }
}
