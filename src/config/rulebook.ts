import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MarketCalendar, marketCalendar } from '../domain/calendar.ts';
import { contractRules } from '../domain/contract-rules.ts';
import { chargeModelOf } from '../domain/flat-charges.ts';
import type { MarketRules } from '../domain/instrument.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { tariffOf } from '../domain/tariff.ts';
import { type ZerodhaCharges, zerodhaCharges } from '../domain/zerodha-charges.ts';
import type { TableFile } from './dated-csv.ts';
import {
  missingTable,
  type RuleTable,
  readCoverage,
  readExpiryWeekdays,
  readFreezeQuantities,
  readHolidays,
  readLotSizes,
  readMargins,
  readSessionHours,
  readSpecialSessions,
  readSquareOff,
  readTariff,
  readTickSizes,
  ruleTables,
} from './rule-tables.ts';

/** A rulebook whose calendar also answers what a trader asks, and that says where its tables came from. */
export interface LoadedRulebook extends Rulebook {
  readonly calendar: MarketCalendar;
  /** The model behind `charges('zerodha')`, which can also price one order without rounding. */
  readonly zerodha: () => ZerodhaCharges;
  /** Paths of the tables that replace shipped ones. */
  readonly replaced: readonly string[];
}

/**
 * Reads India's rules from `<root>/data`; a file of the same name under `<home>/data` replaces the shipped one. Files are
 * read at once and hashed; each table is parsed when something first asks it.
 *
 * @throws DataError RULE_TABLE when a file is missing, or later when a row of it cannot be read
 */
export function loadRulebook(root: string, home?: string): LoadedRulebook {
  const files = new Map<RuleTable, TableFile>();
  const replaced: string[] = [];
  const hash = createHash('sha256');
  for (const table of names) {
    const shipped = join(root, 'data', ruleTables[table]);
    const own = home === undefined ? shipped : join(home, 'data', ruleTables[table]);
    const ownText = own === shipped ? undefined : readIfThere(own);
    const text = ownText ?? readIfThere(shipped);
    if (text === undefined) throw missingTable(shipped);
    if (ownText !== undefined) replaced.push(own);
    files.set(table, { path: ownText === undefined ? shipped : own, text });
    hash.update(`${ruleTables[table]} ${text.length}\n`).update(text);
  }
  const file = (table: RuleTable): TableFile => {
    const found = files.get(table);
    if (found) return found;
    throw missingTable(ruleTables[table]);
  };

  const calendar = lazyCalendar(() =>
    marketCalendar({
      coverage: readCoverage(file('coverage')),
      holidays: (market) => readHolidays(file(holidayTableOf(market))),
      specialSessions: readSpecialSessions(file('specialSessions')),
      sessionHours: readSessionHours(file('sessionHours')),
      squareOff: readSquareOff(file('squareOff')),
    }),
  );
  const contracts = contractRules(
    {
      tickSizes: () => readTickSizes(file('tickSizes')),
      lotSizes: () => readLotSizes(file('lotSizes')),
      freezeQuantities: () => readFreezeQuantities(file('freezeQuantities')),
      margins: () => readMargins(file('margins')),
      expiryWeekdays: () => readExpiryWeekdays(file('expiryWeekdays')),
    },
    calendar.isBusinessDay,
  );
  let model: ZerodhaCharges | undefined;
  const zerodha = () => {
    model ??= zerodhaCharges(tariffOf('Zerodha', readTariff(file('zerodha'))));
    return model;
  };

  return {
    hash: hash.digest('hex'),
    replaced,
    calendar,
    contracts,
    zerodha,
    charges: (name) => chargeModelOf(name, zerodha),
  };
}

const names = Object.keys(ruleTables).filter((name): name is RuleTable => name in ruleTables);

function holidayTableOf(market: MarketRules): RuleTable {
  if (market === 'MCX') return 'commodityHolidays';
  return market === 'CDS' || market === 'BCD' ? 'currencyHolidays' : 'holidays';
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function lazyCalendar(make: () => MarketCalendar): MarketCalendar {
  let made: MarketCalendar | undefined;
  const calendar = () => {
    made ??= make();
    return made;
  };
  return {
    session: (instrument, day) => calendar().session(instrument, day),
    sessionFrom: (instrument, day) => calendar().sessionFrom(instrument, day),
    sessionUntil: (instrument, day) => calendar().sessionUntil(instrument, day),
    squareOffMinute: (instrument, day) => calendar().squareOffMinute(instrument, day),
    holiday: (instrument, day) => calendar().holiday(instrument, day),
    hours: (instrument, day) => calendar().hours(instrument, day),
    isBusinessDay: (market, day) => calendar().isBusinessDay(market, day),
  };
}
