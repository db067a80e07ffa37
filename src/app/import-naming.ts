import type { ContractDetails } from '../adapters/files/bar-intake.ts';
import { parseContractSymbol } from '../domain/contract-symbol.ts';
import { UsageError } from '../domain/errors.ts';
import { indexTradingsymbol, isIndexName } from '../domain/index-names.ts';
import {
  type Instrument,
  type InstrumentKey,
  type InstrumentKind,
  type MarketRules,
  parseKey,
} from '../domain/instrument.ts';
import { didYouMean } from '../domain/nearest.ts';
import { parseTimeframe } from '../domain/timeframe.ts';

/** What archived instrument lists say of an instrument. */
export interface ListedDetails {
  detailsOf(key: InstrumentKey):
    | (Partial<Pick<Instrument, 'tickSize' | 'lotSize' | 'expiry' | 'underlying' | 'strike'>> & {
        readonly kind: InstrumentKind;
      })
    | undefined;
}

/** What the user says about the instruments of the files. */
export interface Naming {
  readonly as: { readonly exchange: string; readonly tradingsymbol: string } | undefined;
  readonly exchange: string | undefined;
  readonly calendar: string | undefined;
  readonly kind: InstrumentKind | undefined;
  /** Rupees. */
  readonly tick: number | undefined;
  /** Units. */
  readonly lot: number | undefined;
  readonly strike: number | undefined;
  readonly expiry: string | undefined;
}

/** What a file says about one of them. `symbol` is empty where its rows carry none. */
export interface SymbolInFile {
  readonly file: string;
  readonly symbol: string;
  readonly exchange?: string | undefined;
  readonly indices?: boolean | undefined;
  readonly details: ContractDetails | undefined;
}

const markets: readonly MarketRules[] = ['NSE', 'BSE', 'NFO', 'BFO', 'MCX', 'CDS', 'BCD'];

/** @throws UsageError USAGE_SYMBOL, USAGE_EXCHANGE, USAGE_CALENDAR when nothing tells which instrument this is */
export function instrumentOf(
  naming: Naming,
  found: SymbolInFile,
  known: ReadonlyMap<InstrumentKey, Instrument>,
  listed?: ListedDetails,
): Instrument {
  const { exchange, tradingsymbol } = naming.as ?? namedInFile(naming, found);
  const { key } = parseKey(`${exchange}:${tradingsymbol}`);
  const { details } = found;
  const before = known.get(key);
  const archived = listed?.detailsOf(key);
  const rules =
    naming.calendar === undefined && before ? before.rules : rulesOf(exchange, naming.calendar, found.file);
  const contract = exchange === 'NSE' || exchange === 'BSE' ? undefined : parseContractSymbol(tradingsymbol);
  const kind =
    naming.kind ??
    details?.kind ??
    before?.kind ??
    archived?.kind ??
    (found.indices ? 'INDEX' : contract?.kind) ??
    kindOf(exchange, tradingsymbol);
  const underlying =
    details?.underlying ?? archived?.underlying ?? before?.underlying ?? contract?.underlying;
  const expiry = naming.expiry ?? details?.expiry ?? archived?.expiry ?? before?.expiry ?? contract?.expiry;
  const strike = naming.strike ?? details?.strike ?? archived?.strike ?? before?.strike ?? contract?.strike;
  const { synthetic: _, ...rest } = before ?? {};
  return {
    ...rest,
    key,
    exchange,
    tradingsymbol,
    rules,
    kind,
    tickSize: naming.tick ?? archived?.tickSize ?? before?.tickSize ?? tickOf(rules),
    lotSize: naming.lot ?? details?.lotSize ?? archived?.lotSize ?? before?.lotSize ?? 1,
    ...(kind === 'EQ' || kind === 'INDEX' || underlying === undefined ? {} : { underlying }),
    ...(kind === 'EQ' || kind === 'INDEX' || expiry === undefined ? {} : { expiry }),
    ...((kind === 'CE' || kind === 'PE') && strike !== undefined ? { strike } : {}),
  };
}

function kindOf(exchange: string, tradingsymbol: string): InstrumentKind {
  if (isIndexName(exchange, tradingsymbol)) return 'INDEX';
  // Nothing but contracts trades there; a name without an expiry is a continuous series of futures.
  return markets.some((market) => market === exchange && market !== 'NSE' && market !== 'BSE') ? 'FUT' : 'EQ';
}

function tickOf(rules: MarketRules): number {
  if (rules === 'none') return 0;
  return rules === 'CDS' || rules === 'BCD' ? 0.0025 : 0.05;
}

function rulesOf(exchange: string, calendar: string | undefined, file: string): MarketRules {
  if (calendar !== undefined) {
    const word = calendar.toUpperCase();
    if (word === 'NONE') return 'none';
    const market = markets.find((each) => each === word);
    if (market) return market;
    const hint = didYouMean(word, markets);
    throw new UsageError(
      'USAGE_CALENDAR',
      `Unknown calendar "${calendar}".${hint}`,
      `Use one of ${markets.join(', ')}, none.`,
    );
  }
  const market = markets.find((each) => each === exchange);
  if (market) return market;
  const hint = didYouMean(exchange, markets);
  throw new UsageError(
    'USAGE_EXCHANGE',
    `Exchange "${exchange}" of ${file} is none that algo has rules for.${hint}`,
    `For a market of your own add --calendar none (or the market whose rules it follows, such as --calendar NSE). Known are ${markets.join(', ')}.`,
  );
}

function namedInFile(naming: Naming, found: SymbolInFile): { exchange: string; tradingsymbol: string } {
  const raw = (found.symbol || symbolOfFileName(found.file, naming.exchange)).trim();
  const [, prefix, plain] = /^([A-Za-z][A-Za-z0-9]*):(.+)$/.exec(raw) ?? [undefined, undefined, raw];
  const suffix = /\.(NS|BO)$/i.exec(plain)?.[1]?.toUpperCase();
  const exchange =
    prefix?.toUpperCase() ??
    naming.exchange ??
    found.details?.exchange ??
    found.exchange ??
    { NS: 'NSE', BO: 'BSE' }[suffix ?? ''];
  const bare = suffix === undefined ? plain : plain.slice(0, -3);
  const tradingsymbol = found.indices ? indexTradingsymbol(bare) : bare.toUpperCase();
  if (
    exchange !== undefined &&
    /^[A-Z][A-Z0-9]*$/.test(exchange) &&
    /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(tradingsymbol) &&
    tradingsymbol.length <= 64
  ) {
    return { exchange, tradingsymbol };
  }
  if (exchange === undefined && tradingsymbol !== '') {
    throw new UsageError(
      'USAGE_EXCHANGE',
      `Nothing says on which exchange "${tradingsymbol}" of ${found.file} trades.`,
      isContract(tradingsymbol, found.details)
        ? 'Add --exchange NFO for contracts of NSE; BFO, MCX, CDS and BCD are the other markets of contracts.'
        : 'Add --exchange NSE, or --as NSE:INFY for a single instrument.',
    );
  }
  if (exchange !== undefined && !/^[A-Z][A-Z0-9]*$/.test(exchange)) {
    throw new UsageError(
      'USAGE_EXCHANGE',
      `"${exchange}" is not an exchange code.`,
      'Use letters and digits, for example NSE or TEST.',
    );
  }
  throw new UsageError(
    'USAGE_SYMBOL',
    `The instrument of ${found.file} cannot be told from its rows or its name.`,
    'Name it: --as NSE:INFY',
  );
}

function isContract(tradingsymbol: string, details: ContractDetails | undefined): boolean {
  const kind = details?.kind ?? parseContractSymbol(tradingsymbol)?.kind;
  return kind === 'FUT' || kind === 'CE' || kind === 'PE';
}

/** `NSE_INFY.csv`, `INFY.csv`, `RELIANCE_30m_2017-01_2024-03.csv.gz`; empty when the name is not clearly a symbol. */
function symbolOfFileName(file: string, exchange: string | undefined): string {
  const base = file.replaceAll('\\', '/').split('/').at(-1) ?? '';
  const stem = base.replace(/(\.(csv|txt|tsv|dat|json|gz|zip|parquet|pq))+$/i, '').toUpperCase();
  const parts = stem.split('_');
  while (parts.length > 1 && describesBars(parts[parts.length - 1])) parts.pop();
  const [first, ...rest] = parts;
  const prefixed = rest.length > 0 && (first === exchange || markets.some((market) => market === first));
  const name = (prefixed ? rest : parts).join('_');
  if (!/^[A-Z0-9][A-Z0-9&.\- ]*$/.test(name) || /^\d+$/.test(name)) return '';
  return prefixed ? `${first}:${name}` : name;
}

/** A timeframe or a date at the end of a file name. */
function describesBars(word: string): boolean {
  if (/^\d{4}(-?\d{2}){0,2}$/.test(word)) return true;
  try {
    parseTimeframe(word);
    return true;
  } catch {
    // The word is part of the symbol: that is the answer, not a failure.
    return false;
  }
}
