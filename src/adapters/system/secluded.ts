import { StrategyError } from '../../domain/errors.ts';

/** What a strategy could end the session with, or go on behind its back. */
const doors: readonly (readonly [target: object, name: string, word: string])[] = [
  [process, 'exit', 'process.exit'],
  [process, 'abort', 'process.abort'],
  [process, 'kill', 'process.kill'],
  [process, 'nextTick', 'process.nextTick'],
  [globalThis, 'setTimeout', 'setTimeout'],
  [globalThis, 'setInterval', 'setInterval'],
  [globalThis, 'setImmediate', 'setImmediate'],
  [globalThis, 'queueMicrotask', 'queueMicrotask'],
  [globalThis, 'fetch', 'fetch'],
];

const refusals = doors.map(([, , word]) => () => {
  throw new StrategyError(
    'STRATEGY_OUTSIDE',
    `The strategy called ${word}.`,
    'Hooks decide on prices, time and parameters only, and nothing of them goes on later.',
  );
});

/** Closes what leads out of a strategy; what it answers opens it again. */
export function seclude(): () => void {
  const open = doors.map(([target, name]) => Reflect.get(target, name));
  for (const [place, [target, name]] of doors.entries()) Reflect.set(target, name, refusals[place]);
  return () => {
    for (const [place, [target, name]] of doors.entries()) Reflect.set(target, name, open[place]);
  };
}
