import type { OpenContext } from '../app/open-context.ts';
import type { QuotePage } from '../reports/quote-text.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';

export default class QuoteCommand extends AlgoCommand<QuotePage> {
  static override summary = 'prices now, as the broker has them';
  static override description =
    'Asks once, or goes on with --watch: prices as Kite streams them, asked for every second where the plan has no stream. Exit code 5 when the broker does not know one of them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> NSE:INFY "NSE:NIFTY 50"',
    '<%= config.bin %> <%= command.id %> NSE:INFY,NSE:TCS --watch',
  ];
  static override strict = false;
  static override args = {
    symbols: Args.string({
      description: 'instruments such as NSE:INFY, or names of universes',
      required: true,
    }),
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
    const { argv, flags } = await this.parse(QuoteCommand);
    const { quotePage } = await import('../app/quote.ts');
    const { quoteDoor } = await import('../app/kite-doors.ts');
    const request = { words: argv.map(String), account: flags.account };
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
    const { quoteText, quoteLines } = await import('../reports/quote-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return watchOnScreen(context, request, (page) => ({
      screen: quoteText(page, screenOf(process.stdout, process.env)),
      lines: quoteLines(page),
    }));
  }

  protected async text(page: QuotePage): Promise<string> {
    if (this.#watched) return '';
    const { quoteText } = await import('../reports/quote-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return quoteText(page, screenOf(process.stdout, process.env));
  }
}
