import type { OpenContext } from '../app/open-context.ts';
import type { ScanDocument, ScanListDocument } from '../reports/scan-json.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';

export default class Scan extends AlgoCommand<ScanDocument | ScanListDocument> {
  static override summary = 'instruments whose newest bar meets a condition, and why others do not';
  static override description =
    `The condition names prices, any indicator, other timeframes (day.close > day.sma200 and 15m.rsi14 < 35), places among all
instruments (rank(roc20) <= 10) and candlestick patterns (pattern(hammer)). docs/scan.md has the language.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --list',
    '<%= config.bin %> <%= command.id %> pullback_ema20',
    '<%= config.bin %> <%= command.id %> --where "rsi14 < 40 and close > ema50" --sort rsi14 --ascending',
    '<%= config.bin %> <%= command.id %> breakout_volume --backtest 1,5,20',
    '<%= config.bin %> <%= command.id %> --by pattern --timeframe 15m,day',
    '<%= config.bin %> <%= command.id %> --by indicator --sort adx14 --top 20',
    '<%= config.bin %> <%= command.id %> vwap_reclaim --as-of "2026-03-02 13:30" --json',
  ];
  static override args = { name: Args.string({ description: 'a scan of configs/scans.yaml' }) };
  static override flags = {
    list: Flags.boolean({ default: false, description: 'the named scans' }),
    universe: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'instruments and universes (docs/universes.md); repeatable',
    }),
    timeframe: Flags.string({
      char: 'i',
      description: "bars it runs on, 15m or 15m,day to hold on each; else the scan's own, or day",
    }),
    where: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'condition, such as "rsi14 < 30 and close > ema200"; repeated, stages one after the other',
    }),
    regime: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'hits count only in this regime of the market: up, calm, "up calm"; repeatable',
    }),
    index: Flags.string({ description: 'index whose regime it is; else NSE:NIFTY 50, or SYN:INDEX' }),
    by: Flags.option({
      options: ['indicator', 'pattern'] as const,
      description:
        'show the usual indicators, or which candlestick patterns stand; alone, of every instrument',
    })(),
    sort: Flags.string({ description: 'number that hits are sorted by, highest first' }),
    ascending: Flags.boolean({ default: false, description: 'lowest first' }),
    top: Flags.integer({ min: 1, description: 'at most so many hits' }),
    'as-of': Flags.string({ description: 'day or instant in India; bars that closed later are not seen' }),
    from: Flags.string({ description: 'first day of the bars that are looked at, YYYY-MM-DD' }),
    backtest: Flags.string({ description: 'how past hits fared after so many bars: 1,5,20' }),
    every: Flags.string({ description: 'scan again after so long, such as 60s or 5m, until Ctrl-C' }),
    alert: Flags.boolean({ default: false, description: 'with --every: ring and name new hits' }),
    html: Flags.string({ description: 'write it as one offline page; with --every, the newest scan' }),
    open: Flags.boolean({ default: false, description: 'show the page of --html in the browser' }),
  };

  protected async execute(context: OpenContext): Promise<ScanDocument | ScanListDocument> {
    const { args, flags } = await this.parse(Scan);
    if (flags.list) {
      const { listScans } = await import('../app/chosen-scan.ts');
      return { scans: listScans(context) };
    }
    const { repeatedScan } = await import('../app/scan-watch.ts');
    const { listedPageWriter } = await import('../app/export-report.ts');
    const { scanPage } = await import('../reports/scan-text.ts');
    const write = listedPageWriter(context, { file: flags.html, open: flags.open });
    const request = {
      ...flags,
      name: args.name,
      universe: flags.universe ?? [],
      asOf: flags['as-of'],
      ascending: flags.ascending ? true : undefined,
    };
    return repeatedScan(context, request, {
      every: flags.every,
      alert: flags.alert,
      keep: (document) => write(() => scanPage(document)),
      show: async (document) => {
        if (this.jsonEnabled()) process.stdout.write(`${JSON.stringify(document)}\n`);
        else process.stdout.write(`${await this.text(document)}\n\n`);
      },
      repaints: process.stdout.isTTY === true && !this.jsonEnabled(),
    });
  }

  protected async text(document: ScanDocument | ScanListDocument): Promise<string> {
    const { scanPage, scanListText } = await import('../reports/scan-text.ts');
    const { listedText } = await import('../reports/listed-page.ts');
    const { screenOf } = await import('../reports/screen.ts');
    const screen = screenOf(process.stdout, process.env);
    if ('scans' in document) return scanListText(document, screen);
    return listedText(scanPage(document), screen);
  }
}
