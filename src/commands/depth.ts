import type { OpenContext } from '../app/open-context.ts';
import type { QuotePage } from '../reports/quote-text.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';

export default class DepthCommand extends AlgoCommand<QuotePage> {
  static override summary = 'the book of one instrument: five best bids and asks';
  static override description =
    'Asks once, or goes on with --watch: the book as Kite streams it, asked for every second where the plan has no stream.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> NSE:INFY',
    '<%= config.bin %> <%= command.id %> NSE:INFY --watch',
  ];
  static override args = {
    symbol: Args.string({ description: 'instrument such as NSE:INFY', required: true }),
  };
  static override flags = {
    watch: Flags.boolean({
      default: false,
      char: 'w',
      description: 'goes on as prices change, until Ctrl-C',
      exclusive: ['json'],
    }),
    count: Flags.integer({
      min: 1,
      description: 'ends a watch after so many pages, one a second where nothing is painted',
      dependsOn: ['watch'],
    }),
    ...accountFlags,
  };

  #watched = false;

  protected async execute(context: OpenContext): Promise<QuotePage> {
    const { args, flags } = await this.parse(DepthCommand);
    const { quotePage } = await import('../app/quote.ts');
    const { quoteDoor } = await import('../app/kite-doors.ts');
    const request = { words: [args.symbol], account: flags.account };
    this.#watched = flags.watch;
    const page = flags.watch
      ? await this.#watch(context, { ...request, count: flags.count })
      : await quotePage(context, request, quoteDoor(context));
    process.exitCode = page.exitCode;
    return page;
  }

  async #watch(
    context: OpenContext,
    request: { words: string[]; account: string | undefined; count: number | undefined },
  ) {
    const { watchOnScreen } = await import('../app/watch-on-screen.ts');
    const { depthText, quoteLines } = await import('../reports/quote-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return watchOnScreen(context, request, (page) => ({
      screen: depthText(page, screenOf(process.stdout, process.env)),
      lines: quoteLines(page),
    }));
  }

  protected async text(page: QuotePage): Promise<string> {
    if (this.#watched) return '';
    const { depthText } = await import('../reports/quote-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return depthText(page, screenOf(process.stdout, process.env));
  }
}
