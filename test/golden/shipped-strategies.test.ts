import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Strategy } from '../../src/strategy/index.ts';
import { projectRoot } from '../support/project-root.ts';
import { runShipped, storedTape } from '../support/shipped.ts';
import { busier, shipped } from '../support/shipped-strategies.ts';

/*
 * What each shipped strategy does on a stored stretch of the invented market. A change of any figure is a change of
 * fills, charges, indicators or the strategy itself, and belongs into the changelog. `GOLDEN=write npm test -- test/golden`
 * writes the files anew.
 */
describe('shipped strategies on the stored tape', () => {
  test.each<Strategy>(shipped)('$name', (strategy) => {
    const tape = storedTape(busier.get(strategy) ?? strategy.timeframe);
    const { trades, orders, hash } = runShipped(strategy, tape);
    const exits: Record<string, number> = {};
    for (const { exitReason } of trades) exits[exitReason] = (exits[exitReason] ?? 0) + 1;
    const figures = {
      trades: trades.length,
      orders: orders.length,
      grossPaise: trades.reduce((sum, { grossPaise }) => sum + grossPaise, 0),
      chargesPaise: trades.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0),
      exits,
      hash,
    };
    const file = join(projectRoot, 'test/golden', `${strategy.name}.json`);
    if (process.env.GOLDEN === 'write') writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
    expect(figures).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    expect(trades.length).toBeGreaterThan(0);
  });
});
