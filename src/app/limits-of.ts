import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { readTable } from '../config/dated-csv.ts';
import { ConfigError, messageOf } from '../domain/errors.ts';
import { dayNumberOf } from '../domain/time.ts';
import type { BanList, RiskLimits } from '../engine/risk/limits.ts';
import type { Context } from './context.ts';
import { hashOf } from './run-identity.ts';

/** What the profile allows, with the list of bans it names. @throws ConfigError CONFIG_BANS, DataError RULE_TABLE */
export function limitsOf({ config, folders }: Pick<Context, 'config' | 'folders'>): RiskLimits {
  const { fnoBanFile, ...limits } = config.risk;
  if (fnoBanFile === 'none') return limits;
  return { ...limits, bans: bansIn(isAbsolute(fnoBanFile) ? fnoBanFile : join(folders.home, fnoBanFile)) };
}

function bansIn(path: string): BanList {
  const banned = new Set<string>();
  const rows = readTable({ path, text: read(path) }, ['date', 'symbol'], ({ text, fail }) => {
    const date = text('date');
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw fail('date', 'a day written YYYY-MM-DD');
    if (text('symbol') === '') throw fail('symbol', 'an underlying such as RBLBANK');
    return `${dayNumberOf(date)} ${text('symbol')}`;
  });
  for (const row of rows) banned.add(row);
  return {
    hash: hashOf(rows),
    has: (underlying, dayNumber) => banned.has(`${dayNumber} ${underlying}`),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      'CONFIG_BANS',
      `The list of F&O bans ${path} cannot be read: ${messageOf(cause)}`,
      'Correct risk.fnoBanFile, or set it to none.',
      cause,
    );
  }
}
