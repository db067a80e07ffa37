import type { Config } from '../config/schema.ts';
import type { Isolation } from '../engine/isolation.ts';

/** What becomes of a strategy that fails; undefined stops the run. A session has positions to look after, a backtest has not. */
export function isolationOf(
  { trading: { onError, errorsMax, disabledPosition } }: Pick<Config, 'trading'>,
  kind: 'backtest' | 'session',
): Isolation | undefined {
  if (onError === 'stop' || (onError === 'auto' && kind === 'backtest')) return undefined;
  return { errorsMax, flatten: disabledPosition === 'flatten' };
}
