import type { ClosedTrade } from '../../src/domain/run-result.ts';
import { dayNumberOf, instantOf, minuteMs, weekdayOf } from '../../src/domain/time.ts';
import { chanceOf } from '../../src/research/learn/chance.ts';
import type { Labels } from '../../src/research/learn/conditions.ts';
import type { StudiedTrade } from '../../src/research/learn/study.ts';

export interface Invented {
  readonly seed: number;
  readonly days: number;
  readonly symbols: number;
  readonly strategies?: readonly string[];
  /** Percent that trades with these labels earn more or less than by chance. */
  readonly effect?: (labels: Labels, strategy: string, day: number) => number;
}

/**
 * Trades whose outcome is chance: heavy tails, a skew as stops make it, a share of each day's move that all symbols have in common, and
 * charges that make the mean negative. Conditions are drawn beside them.
 */
export function inventedTrades({
  seed,
  days,
  symbols,
  strategies = ['made_up'],
  effect,
}: Invented): StudiedTrade[] {
  const chance = chanceOf(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(chance() * items.length)];
  const first = dayNumberOf('2024-01-01');
  const made: StudiedTrade[] = [];
  for (let place = 0; made.length === 0 || place < days; place++) {
    const day = first + place;
    if (weekdayOf(day) === 0 || weekdayOf(day) === 6) continue;
    const common = normal();
    const trend = ['up', 'sideways', 'down'][Math.floor(place / 40) % 3];
    const volatility = ['calm', 'normal', 'volatile'][Math.floor(place / 55) % 3];
    for (const strategy of strategies) {
      for (let symbol = 0; symbol < symbols; symbol++) {
        const hour = 9 + Math.floor(chance() * 6);
        const side = chance() < 0.5 ? 1 : -1;
        const labels: Labels = {
          hour: `${String(hour).padStart(2, '0')}:00`,
          weekday: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'][weekdayOf(day) - 1],
          side: side > 0 ? 'long' : 'short',
          ...{ trend, volatility },
          'market trend': ['up', 'sideways', 'down'][Math.floor(place / 60) % 3],
          'market volatility': ['calm', 'normal', 'volatile'][Math.floor(place / 75) % 3],
          breadth: ['broad', 'mixed', 'narrow'][Math.floor(place / 17) % 3],
          expiry: weekdayOf(day) === 2 ? 'expiry day' : 'other day',
          gap: pick(['up 0.5 % or more', 'none', 'none', 'down 0.5 % or more']),
          distance: pick(['near', 'more than a day range above', 'more than a day range below']),
        };
        const tail = chance() < 0.05 ? 3 : 1;
        const raw = 0.6 * side * common + 0.8 * normal() * tail;
        // A stop cuts the losing side, and a winner may run.
        const percent = Math.max(raw, -1.2) - 0.13 + (effect?.(labels, strategy, day) ?? 0);
        made.push({
          labels,
          trade: tradeOf(made.length + 1, { strategy, symbol, day, hour, side, percent }),
        });
      }
    }
  }
  return made;
}

function tradeOf(
  id: number,
  {
    strategy,
    symbol,
    day,
    hour,
    side,
    percent,
  }: {
    strategy: string;
    symbol: number;
    day: number;
    hour: number;
    side: number;
    percent: number;
  },
): ClosedTrade {
  const entryTime = instantOf(day, hour * 60 + 30);
  return {
    ...{ id, strategy, key: `TEST:S${symbol}`, direction: side > 0 ? 'LONG' : 'SHORT', product: 'MIS' },
    ...{ quantity: 100, entryTime, entryPrice: 1_000, exitTime: entryTime + 20 * minuteMs, exitPrice: 1_000 },
    ...{ grossPaise: Math.round((percent + 0.05) * 100_000), chargesPaise: 5_000, exitReason: 'signal' },
    ...{ bars: 4, adverse: 4, favourable: 6, entryOrder: id, exitOrder: id },
  };
}
