import regressions from './regressions.json' with { type: 'json' };
import { type SeedResult, simulate } from './simulate.ts';
import { coverageText, invariantText } from './simulation-text.ts';
import { enterNothing, uncaughtInWorld } from './world.ts';

export { simulate } from './simulate.ts';

process.on('unhandledRejection', uncaughtInWorld);

/** Lines of a failing seed's log that are shown without --trace. */
const logLines = 60;

interface Wish {
  /** Folder of the program. */
  readonly root: string;
  readonly args: readonly string[];
}

/**
 * `npm run simulate -- --seeds N [--from K] [--twice]`, or `--seed K [--trace]`. Seeds that once failed are played first. Answers the
 * exit code: 8 when an invariant was violated, and at the first one with `--stop`.
 */
export async function main({ root, args }: Wish): Promise<number> {
  const value = (name: string, otherwise: number) => {
    const at = args.indexOf(name);
    const number = at < 0 ? otherwise : Number(args[at + 1]);
    if (Number.isInteger(number) && number >= 0) return number;
    throw new Error(`${name} takes a whole number, received "${args[at + 1]}".`);
  };
  const has = (name: string) => args.includes(name);
  const one = has('--seed') ? value('--seed', 1) : undefined;
  const from = value('--from', 1);
  const fresh = Array.from({ length: value('--seeds', 20) }, (_, at) => from + at);
  const seeds =
    one === undefined
      ? [...new Set([...(has('--fresh') ? [] : regressions.map(({ seed }) => seed)), ...fresh])]
      : [one];
  const began = process.uptime();
  const results: SeedResult[] = [];
  let failed = 0;
  for (const seed of seeds) {
    const wish = { root, seed, trace: has('--trace'), faults: !has('--calm') };
    const result = await simulate(wish);
    const again = has('--twice') ? await simulate(wish) : result;
    enterNothing();
    results.push(result);
    if (again.hash !== result.hash) console.log(`seed ${seed}: played twice it was not the same (R2)`);
    if (has('--trace')) for (const line of result.log) console.log(line);
    const bad = result.violations.length > 0 || again.hash !== result.hash;
    if (!bad) continue;
    failed += 1;
    if (!has('--trace') && !has('--brief')) for (const line of result.log.slice(-logLines)) console.log(line);
    for (const { invariant, at, what } of result.violations)
      console.log(`seed ${seed} violates ${invariant} at ${at} ms: ${what}`);
    if (!has('--brief')) console.log(`Again with its whole log: npm run simulate -- --seed ${seed} --trace`);
    if (has('--stop')) {
      console.log(`${results.length} seeds were played.`);
      return 8;
    }
  }
  const sum = (of: (result: SeedResult) => number) => results.reduce((total, each) => total + of(each), 0);
  if (!has('--brief') && one === undefined) {
    console.log(coverageText(results));
    console.log(invariantText());
  }
  const hours = (sum(({ simulatedMs }) => simulatedMs) / 3_600_000).toFixed(1);
  console.log(
    `${results.length} seeds, ${failed} failed: ${hours} simulated hours, ${sum(({ lives }) => lives)} starts, ${sum(({ orders }) => orders)} orders, ` +
      `${sum(({ trades }) => trades)} trades, ${sum(({ checks }) => checks)} checks in ${(process.uptime() - began).toFixed(1)} s.`,
  );
  return failed > 0 ? 8 : 0;
}
