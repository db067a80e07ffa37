import { isDerivative } from '../../domain/instrument.ts';
import { contractClassOf } from '../../domain/market-segment.ts';
import { istDate, istDayNumber, istMinuteOfDay } from '../../domain/time.ts';
import { KiteRefusal } from '../http/route.ts';
import type { Listed, SandboxMarket } from '../market/market.ts';
import { type Moment, refused } from './refusals.ts';
import type { Restrictions } from './restrictions.ts';
import type { Wanted } from './wanted.ts';

/** What the broker knows of the account that an order is for. Units. */
export interface AccountView {
  /** Position in the instrument and product, negative when short. */
  readonly held: number;
  /** Shares in the depository that this order would sell without their authorisation. */
  readonly unauthorised: number;
}

/*
 * Kite's own checks before an order goes to the order management, so that it never stands in the book. Which there are, and the hours:
 * Zerodha support, "Why is the rejected order not displayed in the order book?". The words of LIMIT orders far away and of shares that
 * need authorisation are Kite's; those of the others are UNVERIFIED.
 */

/** @throws KiteRefusal */
export function checkBroker(
  wanted: Wanted,
  moment: Moment,
  {
    restrictions,
    market,
    account,
  }: {
    readonly restrictions: Restrictions;
    readonly market: SandboxMarket;
    readonly account: AccountView;
  },
): void {
  checkAmo(wanted, moment);
  checkIntraday(wanted, restrictions);
  checkMarketOrder(wanted);
  if (!makesSmaller(wanted, account)) {
    checkBan(wanted, restrictions);
    checkFarMonth(wanted, moment, restrictions, market);
  }
  checkDistance(wanted, moment, restrictions);
  if (restrictions.edis && account.unauthorised > 0)
    throw new KiteRefusal(
      'HoldingException',
      `${account.unauthorised} quantity needs authorisation at depository.`,
      428,
    );
}

/** Minutes of a trading day at which after market orders are not taken: 9:00 to 15:45, in equity derivatives from 9:10. */
const amoClosed = { from: 540, fromDerivatives: 550, to: 945 };

function checkAmo({ variety, listed: { instrument } }: Wanted, { now, rulebook }: Moment): void {
  if (variety !== 'amo' || instrument.rules === 'MCX') return;
  if (!rulebook.calendar.session(instrument, istDayNumber(now))) return;
  const derivative = instrument.rules === 'NFO' || instrument.rules === 'BFO';
  const from = derivative ? amoClosed.fromDerivatives : amoClosed.from;
  const minute = istMinuteOfDay(now);
  if (minute < from || minute >= amoClosed.to) return;
  throw refused(
    `After market orders (AMO) are not accepted between ${derivative ? '9:10' : '9:00'} AM and 3:45 PM.`,
  );
}

function checkIntraday({ product, listed: { instrument } }: Wanted, { notIntraday }: Restrictions): void {
  if ((product !== 'MIS' && product !== 'CO') || !notIntraday.has(instrument.key)) return;
  throw refused(`MIS (intraday) orders are blocked for ${instrument.tradingsymbol}. Use CNC instead.`);
}

function checkMarketOrder({ type, variety, listed: { instrument } }: Wanted): void {
  if (type !== 'MARKET') return;
  const kind = contractClassOf(instrument);
  if (kind === 'STOCK_OPTION')
    throw refused('Market orders are blocked for stock options due to illiquidity. Use a limit order.');
  if (kind === 'INDEX_OPTION' && variety === 'amo')
    throw refused('Market orders are blocked for index options as AMO. Use a limit order.');
}

function checkBan({ listed: { instrument } }: Wanted, { banned }: Restrictions): void {
  const name = instrument.underlying?.toUpperCase() ?? '';
  if (!isDerivative(instrument) || !banned.has(name)) return;
  throw refused(`${name} is in ban period. Only orders that reduce existing positions are allowed.`);
}

function checkFarMonth(
  { listed }: Wanted,
  { now }: Moment,
  { mcxExpiries }: Restrictions,
  market: SandboxMarket,
): void {
  const { instrument } = listed;
  if (instrument.rules !== 'MCX' || instrument.expiry === undefined) return;
  const sooner = expiriesOf(market, listed, istDate(now)).filter(
    (expiry) => expiry < (instrument.expiry ?? ''),
  );
  if (sooner.length < mcxExpiries) return;
  throw refused(`Far month contracts such as ${instrument.tradingsymbol} are blocked due to illiquidity.`);
}

/** Of contracts of the same kind in the same thing, from a day on. */
function expiriesOf({ listed: all }: SandboxMarket, { instrument: own }: Listed, from: string): string[] {
  const same = all.filter(
    ({ instrument }) =>
      instrument.rules === own.rules &&
      instrument.underlying === own.underlying &&
      (instrument.kind === 'FUT') === (own.kind === 'FUT'),
  );
  return [...new Set(same.flatMap(({ instrument }) => instrument.expiry ?? []))].filter(
    (expiry) => expiry >= from,
  );
}

function checkDistance({ type, price }: Wanted, { quote }: Moment, { limitPercent }: Restrictions): void {
  if (type !== 'LIMIT' || limitPercent === undefined || !quote || !(quote.lastPrice > 0)) return;
  if (Math.abs(price / quote.lastPrice - 1) * 100 <= limitPercent + 1e-9) return;
  throw refused(
    'LIMIT orders that are far away from the LTP are restricted as per exchange guidelines. Please use [GTT]',
  );
}

function makesSmaller({ side, quantity }: Wanted, { held }: AccountView): boolean {
  return side === 'SELL' ? quantity <= held : quantity <= -held;
}
