import { z } from 'zod';

/*
 * Every setting, its default, its unit and its reason. `configs/default.yaml` shows the same to people;
 * a test keeps the two equal.
 */

/** `algo backtest list` is a command, and `synthetic` and `all` stand for more than a list: no universe can have these names. */
const reservedUniverses: readonly string[] = ['list', 'show', 'compare', 'rm', 'synthetic', 'all', 'fno'];

/** What a list of instruments may be called. */
export const universeName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]*$/, 'a lower-case name such as nifty_top')
  .refine(
    (name) => !reservedUniverses.includes(name),
    `a name other than ${reservedUniverses.join(', ')}, which mean something else`,
  );

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as "HH:MM" in quotes, India time');
const clockOrAuto = z.union([z.literal('auto'), clockTime], {
  error: '"auto", or a time of day as "HH:MM" in quotes',
});
const percent = (highest: number) => z.number().gt(0).max(highest);
const whole = (highest: number) => z.int().min(1).max(highest);
const rupees = z.number().gt(0).max(1e12);
/** Off unless somebody sets it, so that a limit nobody asked for refuses nothing. */
const limit = (amount: z.ZodNumber) =>
  z
    .union([z.literal('none'), amount], { error: '"none", or a number above 0 within its limits' })
    .default('none');
const instrumentKey = z
  .string()
  .regex(/^[A-Z][A-Z0-9]*:\S+$/, 'an instrument as EXCHANGE:SYMBOL, such as NSE:INFY');
const strategyWord = z
  .string()
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'the name of a strategy such as ema20_50');
const group = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).prefault({} as never);

const slippage = group({
  kind: z
    .enum(['none', 'ticks', 'bps', 'volatility'])
    .default('ticks')
    .describe(
      'how far a market fill is worse than the quoted price: ticks, basis points, or a share of the bar range',
    ),
  amount: z
    .number()
    .min(0)
    .max(1_000)
    .default(1)
    .describe('ticks, basis points or percent of the bar range, according to kind'),
  seed: z
    .int()
    .min(0)
    .default(1)
    .describe('whole number; seeds the draw of volatility slippage so that runs repeat'),
});

const fill = group({
  price: z
    .enum(['next-open', 'same-close'])
    .default('next-open')
    .describe(
      'bar price of a market order decided on a close; same-close flatters and is for comparison only',
    ),
  limitTouch: z
    .boolean()
    .default(false)
    .describe('true fills a limit order when the price touches it; false waits until it trades through'),
  volumeSharePercent: percent(100)
    .default(10)
    .describe("percent of a bar's volume that one fill may take; the rest waits for later bars"),
  detail: z
    .enum(['none', '1m'])
    .default('none')
    .describe('finer stored timeframe that settles whether stop or target came first inside a bar'),
  slippage,
});

const sizing = group({
  rule: z
    .enum(['quantity', 'lots', 'rupees', 'percent-of-equity', 'risk-per-trade', 'volatility'])
    .default('percent-of-equity')
    .describe('how an entry without its own quantity is sized'),
  quantity: z.int().min(1).max(10_000_000).default(1).describe('units of each entry under rule quantity'),
  lots: z.int().min(1).max(100_000).default(1).describe('lots of each entry under rule lots'),
  rupees: rupees.default(10_000).describe('rupees put into each entry under rule rupees'),
  percentOfEquity: percent(1_000)
    .default(10)
    .describe('percent of account value put into each entry under rule percent-of-equity'),
  riskPercent: percent(100)
    .default(1)
    .describe('percent of account value lost if the stop is hit, under rule risk-per-trade; needs a stop'),
  volatilityPercent: percent(100)
    .default(0.5)
    .describe('percent of account value that a move of one mean true range costs, under rule volatility'),
  volatilityBars: whole(1_000)
    .default(20)
    .describe('closed bars whose mean true range rule volatility takes'),
  drawdownFromPercent: limit(percent(99)).describe(
    'percent below the highest account value from which entries of any rule become smaller',
  ),
  drawdownToPercent: percent(100)
    .default(20)
    .describe(
      'percent below the highest account value from which nothing is left of them; above drawdownFromPercent',
    ),
});

const trading = group({
  strategies: z
    .array(strategyWord)
    .default([])
    .describe('strategies that run when the command line names none'),
  timeframe: z
    .string()
    .min(1)
    .default('auto')
    .describe(
      "bars to decide on when the command line names none: 5m, 15m, day; auto is each strategy's own",
    ),
  onError: z
    .enum(['auto', 'stop', 'disable'])
    .default('auto')
    .describe(
      'what happens when a strategy fails: stop ends the run, disable goes on without it; auto stops a backtest and disables in a session',
    ),
  errorsMax: whole(1_000)
    .default(3)
    .describe(
      'failures of a strategy in an instrument and day after which onError: disable disables it there',
    ),
  disabledPosition: z
    .enum(['keep', 'flatten'])
    .default('keep')
    .describe(
      'what a disabled strategy leaves: keep its position with stop, target and square-off, or flatten it',
    ),
  maxEntriesPerBar: whole(10_000)
    .default(100)
    .describe('entries that a strategy may ask for on one bar; more is a failure'),
  hookMsMax: whole(10_000)
    .default(250)
    .describe(
      'milliseconds of computing that a hook may take in a session; one that takes longer is stopped and its strategy disabled',
    ),
});

const risk = group({
  maxOpenPositions: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('instruments held at the same time; further entries are refused'),
  maxPositionValuePercent: percent(10_000)
    .default(100)
    .describe('percent of account value that one position may be worth; above 100 only with leverage'),
  maxDailyLossPercent: percent(100)
    .default(3)
    .describe(
      "percent of the day's opening account value; once lost, entries are refused until the next day",
    ),
  priceBandPercent: percent(100)
    .default(20)
    .describe('percent an order price may lie away from the last price; catches slips of the finger'),
  maxOrderQuantity: limit(whole(10_000_000)).describe(
    'units of one entry; more is refused as a slip of the finger',
  ),
  maxOrderValue: limit(rupees).describe('rupees that one entry may be worth'),
  priceCollarPercent: limit(percent(100)).describe(
    "percent that an entry's limit or trigger may lie away from the newest price",
  ),
  duplicateSeconds: limit(whole(86_400)).describe(
    'seconds within which a strategy may not send the same side and quantity of an instrument again',
  ),
  maxOpenEntries: limit(whole(10_000)).describe(
    'entries open or under way, all strategies together; the three of a ladder are three',
  ),
  maxEntryCapital: limit(rupees).describe(
    'rupees that one entry may tie up: the price of delivery shares, the margin of everything else',
  ),
  maxDeployedCapital: limit(rupees).describe('rupees that all entries together may tie up'),
  maxUnderlyingPercent: limit(percent(10_000)).describe(
    'percent of account value in one underlying: its shares, futures and options, long and short added up',
  ),
  maxStrategyPercent: limit(percent(10_000)).describe(
    'percent of account value that one strategy may hold in all its instruments',
  ),
  dailyTargetPercent: limit(percent(1_000)).describe(
    "percent of the day's opening account value; once gained at a mark, entries are refused until the next day",
  ),
  maxDrawdownPercent: limit(percent(100)).describe(
    'percent below the highest account value; while it is lower, entries are refused',
  ),
  maxEntriesPerDay: limit(whole(100_000)).describe(
    'entries of a day in all; those that end without a fill do not count',
  ),
  maxStrategyEntriesPerDay: limit(whole(100_000)).describe(
    'entries of a day by one strategy in all its instruments',
  ),
  maxInstrumentEntriesPerDay: limit(whole(100_000)).describe(
    'entries of a day in one instrument by all strategies',
  ),
  maxEntriesPerMinute: limit(whole(10_000)).describe('entries within any minute, all strategies together'),
  cooldownMinutes: limit(whole(100_000)).describe(
    'minutes for which a strategy leaves an instrument alone after its protective stop closed there at a loss',
  ),
  stopGuardStops: limit(whole(1_000)).describe(
    'stops closed at a loss within stopGuardMinutes after which entries are refused',
  ),
  stopGuardMinutes: whole(100_000).default(60).describe('minutes that stopGuardStops looks back'),
  lossKillPercent: limit(percent(100)).describe(
    'percent of capital; a day that has lost it at any mark halts with HALT_LOSS until somebody releases it',
  ),
  lossKillFlatten: z
    .boolean()
    .default(false)
    .describe(
      'true closes every position at market when lossKillPercent halts; false keeps them with their stops',
    ),
  breakerRejections: limit(whole(1_000)).describe(
    'orders rejected by the broker within one minute after which trading halts with HALT_BREAKER',
  ),
});

const weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

/** Of one strategy; also what `algo learn` proposes and `algo learn apply` writes. */
const strategyRules = group({
  entryWindows: z
    .array(
      z
        .string()
        .regex(
          /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/,
          'a stretch of the day as "HH:MM-HH:MM" in quotes, India time',
        )
        .refine((text) => text.slice(0, 5) < text.slice(6), 'a stretch that ends after it begins'),
    )
    .default([])
    .describe('stretches of the day in which entries are decided, end not included; empty is the whole day'),
  skipWeekdays: z.array(weekday).default([]).describe('weekdays on which entries are refused'),
  side: z.enum(['both', 'long', 'short']).default('both').describe('entries that are allowed'),
  weight: z
    .number()
    .gt(0)
    .max(10)
    .default(1)
    .describe("what the profile's sizing is multiplied with; a quantity that the strategy names is its own"),
});

const session = group({
  squareOff: clockOrAuto
    .default('auto')
    .describe('India time at which MIS positions are closed; auto follows the dated market rules'),
  entryCutOff: clockOrAuto
    .default('auto')
    .describe('India time from which MIS entries are refused; auto is the square-off time'),
});

const day = group({
  login: clockTime.default('08:30').describe('India time at which algo day asks whether the login holds'),
  loginWait: clockTime
    .default('09:10')
    .describe('India time until which algo day waits for a login that is missing'),
  instruments: clockTime
    .default('08:45')
    .describe("India time at which algo day archives the broker's list of instruments"),
  warmUp: clockTime
    .default('09:00')
    .describe('India time at which algo day fetches the bars that strategies start on'),
  session: clockOrAuto
    .default('auto')
    .describe('India time at which algo day starts the session; auto is a minute before the opening'),
  reconcileMinutes: z
    .int()
    .min(0)
    .max(240)
    .default(2)
    .describe('minutes after the close at which positions are compared'),
  reportMinutes: z
    .int()
    .min(0)
    .max(240)
    .default(5)
    .describe('minutes after the close at which the day is reported'),
});

const orders = group({
  marketProtection: z
    .union([z.literal('auto'), percent(100)], {
      error: '"auto", or a percent above 0 and not above 100',
    })
    .default('auto')
    .describe(
      'percent of the last price by which an order at market may be worse; auto is the band that Kite chooses',
    ),
});

const synthetic = group({
  seed: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .default(2020)
    .describe('whole number; the same seed is the same market'),
  symbols: z.int().min(0).max(20).default(5).describe('number of invented stocks beside the index SYN:INDEX'),
  from: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date as "YYYY-MM-DD" in quotes')
    .default('2025-10-01')
    .describe('first date; fixed, so that the default market does not change from day to day'),
  days: z.int().min(1).max(10_000).default(250).describe('trading days from the first date on'),
  timeframe: z.enum(['1m', '5m', '15m', 'day']).default('1m').describe('bar length that is stored'),
});

const data = group({
  history: z
    .string()
    .min(1)
    .default('data/history.duckdb')
    .describe('path of the price history; relative paths start at the home folder'),
});

const runs = group({
  keep: z
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .describe('finished backtests that are kept, the newest; older ones are removed when one is saved'),
});

/** Without TLS only on this computer: tokens travel to these addresses, and prices come from them. */
const rootOf = (scheme: 'http' | 'ws', path: string) =>
  z
    .string()
    .regex(
      new RegExp(
        `^(${scheme}s://[^\\s/?#@]+|${scheme}://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?)${path}$`,
      ),
      `an address that begins with ${scheme}s://, or ${scheme}:// on this computer, such as ${scheme}://127.0.0.1:8000`,
    );

const kite = group({
  account: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,31}$/, '"auto", or the name of an account from algo profile list')
    .default('auto')
    .describe(
      'Kite account that is meant when --account names none; auto is the one chosen with algo profile use',
    ),
  root: rootOf('http', '')
    .default('https://api.kite.trade')
    .describe("address of Kite's REST interface, without a path"),
  wsRoot: rootOf('ws', '(/[^\\s?#]*)?').default('wss://ws.kite.trade').describe("address of Kite's ticker"),
  prefix: z
    .string()
    .regex(/^(\/[\w.-]+)*$/, 'empty, or a path such as /oms')
    .default('')
    .describe('path before every route of the REST interface; empty for Kite itself'),
  loginUrl: rootOf('http', '(/[^\\s?#]*)?')
    .default('https://kite.zerodha.com/connect/login')
    .describe('page on which a person logs in'),
  timeoutMs: z
    .int()
    .min(100)
    .max(60_000)
    .default(7_000)
    .describe("milliseconds until a request counts as unanswered; 7000 as in Kite's own clients"),
});

const yahoo = group({
  root: rootOf('http', '')
    .default('https://query1.finance.yahoo.com')
    .describe(
      "address of Yahoo's chart endpoint, without a path; asked by algo backfill --source yahoo only",
    ),
});

const doctor = group({
  clockUrl: z
    .union(
      [
        z.literal('none'),
        z.string().regex(/^https?:\/\/[^\s/]+/, '"none", or an address such as https://example.com/'),
      ],
      {
        error: '"none", or an address such as https://example.com/',
      },
    )
    .default('none')
    .describe('web address whose Date header algo doctor compares the clock with; none asks nobody'),
});

const log = group({
  level: z
    .enum(['silent', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('least severe line that is written to the log file'),
  file: z
    .string()
    .min(1)
    .default('data/logs/algo.log')
    .describe('path of the log; relative paths start at the home folder'),
  megabytes: z
    .number()
    .gt(0)
    .max(1_000)
    .default(5)
    .describe('size at which the log starts afresh; 5 are about 25,000 commands'),
  keep: z
    .int()
    .min(1)
    .max(1_000)
    .default(2)
    .describe('earlier files that are kept beside it, as .1, .2 and so on'),
});

/** The whole configuration. Unknown keys are errors; every key has a default, so an empty file is valid. */
export const configSchema = z.strictObject({
  mode: z
    .enum(['backtest', 'paper', 'live'])
    .default('backtest')
    .describe('what the profile may be used for; real money needs live and a confirmation on top'),
  capital: z.number().gt(0).max(1e12).default(1_000_000).describe('rupees in the account when a run begins'),
  universe: z
    .union([z.string().min(1), z.array(instrumentKey).min(1)], {
      error: 'a name from universes, "synthetic", or a list of instruments such as [NSE:INFY]',
    })
    .default('synthetic')
    .describe(
      'what is traded when the command line names nothing: a list of instruments, a name from universes, or the invented market',
    ),
  universes: z
    .record(universeName, z.array(instrumentKey).min(1))
    .default({})
    .describe('named lists of instruments'),
  charges: z
    .string()
    .regex(/^(zerodha|none|flat:\d+(\.\d+)?%)$/, '"zerodha", "none", or a flat rate such as "flat:0.1%"')
    .default('zerodha')
    .describe('whose charges are paid; none and flat are for comparison with other engines'),
  prices: z
    .enum(['adjusted', 'raw'])
    .default('adjusted')
    .describe('adjusted for recorded splits and bonuses, or raw, as the exchange printed them'),
  product: z
    .enum(['auto', 'CNC', 'MIS', 'NRML'])
    .default('auto')
    .describe('Kite product of entries; auto takes what suits the instrument and the strategy'),
  fill,
  trading,
  sizing,
  risk,
  session,
  orders,
  day,
  strategies: z
    .record(strategyWord, strategyRules)
    .default({})
    .describe('hours, weekdays, sides and weights of single strategies, by their names'),
  synthetic,
  data,
  runs,
  kite,
  yahoo,
  doctor,
  log,
});

export type Config = z.output<typeof configSchema>;

/** The configuration of an empty file: what the product does when nobody has asked for anything. */
export function defaultConfig(): Config {
  return configSchema.parse({});
}
