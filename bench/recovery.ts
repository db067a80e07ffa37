import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalLog } from '../src/adapters/journal/journal-log.ts';
import { readSegments } from '../src/adapters/journal/segments.ts';
import { barsRecord } from '../src/app/bar-records.ts';
import type { Measured } from './measure.ts';
import { compare } from './rounds.ts';

const records = 100_000;
/** Every record is checksummed, every segment hashed and the chain compared, which a bare reading does not do. */
const mostTimes = 4;

/**
 * The journal of a session that goes on after an interruption, read and verified, against a loop that only parses its lines. What
 * the engine then does with them is the crossover's matter.
 */
export function recoveryMeasures(): readonly Measured[] {
  const folder = mkdtempSync(join(tmpdir(), 'algo-bench-'));
  try {
    write(folder);
    const [bare, ours] = compare(
      [
        { name: 'bare loop', run: () => parsed(folder) },
        {
          name: 'algo',
          run: () => readSegments(folder).reduce((sum, { records: { length } }) => sum + length, 0),
        },
      ],
      { rounds: 5 },
    );
    if (!bare || !ours) return [];
    return [
      {
        measure: 'recovery: a journal read and verified',
        input: `${records.toLocaleString('en-IN')} records`,
        goal: `< ${mostTimes} times parsing its lines`,
        measured: `${ours.ratio.toFixed(2)} times, ${(ours.seconds * 1e3).toFixed(0)} ms for ${(bare.seconds * 1e3).toFixed(0)} ms`,
        met: ours.equal && ours.ratio < mostTimes,
        ratio: ours.ratio,
        ...(ours.equal ? {} : { wrong: true as const }),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bars and marks, which most records of a session are. */
function write(folder: string): void {
  const log = JournalLog.open({ folder });
  for (let at = 0; at < records / 2; at++) {
    const time = 1_764_301_500_000 + at * 60_000;
    const bar = { open: 1_479.4, high: 1_479.6, low: 1_479.1, close: 1_479.4, volume: 35_396 };
    log.append(
      barsRecord(time, [
        { place: 0, time, ...bar },
        { place: 1, time, ...bar },
      ]),
      'soon',
    );
    log.append({ t: 'mark', time, equityPaise: 99_998_166, positions: 2 }, 'soon');
  }
  log.close();
}

function parsed(folder: string): number {
  let count = 0;
  for (const name of readdirSync(folder).sort())
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n'))
      if (line !== '') count += Number(JSON.parse(line).s > 0);
  return count;
}
