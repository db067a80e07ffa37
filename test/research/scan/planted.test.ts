import { describe, expect, test } from '@jest/globals';
import { chosenScan, scanPlan } from '../../../src/app/chosen-scan.ts';
import { loadScans } from '../../../src/config/scans.ts';
import { type Candidate, scan } from '../../../src/research/scan/scan.ts';
import { projectRoot } from '../../support/project-root.ts';
import type { Planted } from './plants.ts';
import { plants } from './plants.ts';

const scans = loadScans(projectRoot, projectRoot);
// Ten places are all that a rank gives, so no more are planted.
const seeds = Array.from({ length: 10 }, (_, at) => at + 1);

const candidate = (key: string, { base, days }: Planted): Candidate => ({
  key,
  base,
  others: new Map(days ? [['day' as const, days]] : []),
});

describe('every named scan finds all that is planted, and nothing in the control set', () => {
  test('each has something planted', () => {
    expect(Object.keys(plants).sort()).toEqual([...scans.keys()].sort());
  });

  test.each([...scans.keys()])('%s', async (name) => {
    const { plan } = await scanPlan(chosenScan(() => scans, { name, universe: [] }));
    const planted = seeds.map((seed) => candidate(`PLANTED:${seed}`, plants[name].planted(seed)));
    const control = seeds.map((seed) => candidate(`CONTROL:${seed}`, plants[name].control(seed)));
    const { hits, insufficient, stale } = scan({ ...plan, horizons: [], regimeAt: undefined }, [
      ...planted,
      ...control,
    ]);
    expect({ insufficient, stale }).toEqual({ insufficient: [], stale: [] });
    expect(hits.map(({ key }) => key).sort()).toEqual(planted.map(({ key }) => key).sort());
  });
});
