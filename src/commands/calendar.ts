import type { CalendarPage, ExpiryPage } from '../app/calendar-page.ts';
import type { OpenContext } from '../app/open-context.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';

export default class Calendar extends AlgoCommand<CalendarPage | ExpiryPage> {
  static override summary = 'trading days, hours and expiries';
  static override examples = [
    '<%= config.bin %> calendar 2026-11-10 --exchange MCX',
    '<%= config.bin %> calendar --expiries NIFTY --from 2026-11-01 --to 2026-12-31',
  ];
  static override args = { date: Args.string({ description: 'day as YYYY-MM-DD; today when left out' }) };
  static override flags = {
    exchange: Flags.string({ default: 'NSE', description: 'NSE, BSE, NFO, BFO, MCX, CDS or BCD' }),
    expiries: Flags.string({ description: 'list the expiries of this underlying instead' }),
    from: Flags.string({
      description: 'first day of the expiries; today when left out',
      dependsOn: ['expiries'],
    }),
    to: Flags.string({
      description: 'last day of the expiries; end of the year when left out',
      dependsOn: ['expiries'],
    }),
  };

  protected async execute({ folders }: OpenContext): Promise<CalendarPage | ExpiryPage> {
    const { args, flags } = await this.parse(Calendar);
    const { calendarPage, expiryPage } = await import('../app/calendar.ts');
    if (flags.expiries === undefined)
      return calendarPage(folders, { date: args.date, exchange: flags.exchange });
    return expiryPage(folders, { underlying: flags.expiries, from: flags.from ?? args.date, to: flags.to });
  }

  protected async text(page: CalendarPage | ExpiryPage): Promise<string> {
    const { calendarText, expiryText } = await import('../reports/calendar-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    const screen = screenOf(process.stdout, process.env);
    return 'expiries' in page ? expiryText(page, screen) : calendarText(page, screen);
  }
}
