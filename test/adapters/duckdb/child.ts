/** A process of its own on the same store, told by its arguments what to do. Started by `processes.test.ts`. */
import { withDatabase } from '../../../src/adapters/duckdb/database.ts';
import { type HistoryOptions, openHistory } from '../../../src/adapters/duckdb/history.ts';
import { BarSeries } from '../../../src/domain/bar-series.ts';
import { allTime, infy, minuteBars, seriesOf } from './history-support.ts';

const [deed, file, cacheFolder] = process.argv.slice(2);
const options: HistoryOptions = {
  file,
  cacheFolder,
  waiting: { sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)), random: () => 0.5 },
};

function say(word: string): void {
  process.stdout.write(`${word}\n`);
}

const deeds: Record<string, () => Promise<unknown>> = {
  // Enough rows that a part of them is in the database before the end; then waits to be killed.
  'save-half': () =>
    openHistory(options).saveAll(
      (async function* () {
        const many = new BarSeries('NSE:TCS', '1m', 2_000_001);
        for (let row = 0; row < 2_000_001; row++) many.append(row * 60_000, 1, 2, 0.5, 1.5, row);
        yield { instrument: { ...infy, key: 'NSE:TCS' }, series: many };
        say('half');
        await new Promise((resolve) => process.stdin.once('end', resolve).resume());
      })(),
    ),
  // Has the store to itself until its input ends, then saves.
  hold: () =>
    openHistory(options).saveAll(
      (async function* () {
        say('holding');
        await new Promise((resolve) => process.stdin.once('end', resolve).resume());
        yield { instrument: infy, series: seriesOf(minuteBars(20)) };
      })(),
    ),
  // Dies between a commit and the moment it is carried from the log into the file.
  'commit-and-die': () =>
    withDatabase({ ...options, access: 'write' }, async (session) => {
      await session.run('BEGIN; UPDATE instruments SET tick_size = 7; COMMIT');
      process.kill(process.pid, 'SIGKILL');
    }),
  // Says how many bars there are and whether the database library had to be loaded for it.
  read: async () => {
    const store = openHistory(options);
    const series = await store.load(infy.key, '1m', allTime);
    await store.instruments();
    await store.coverage(infy.key, '1m');
    const report: unknown = process.report.getReport();
    say(
      `${series.length} bars ${JSON.stringify(report).includes('duckdb.node') ? 'with' : 'without'} DuckDB`,
    );
  },
};

await deeds[deed]();
