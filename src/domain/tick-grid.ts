/** Is the price a multiple of the tick? Binary noise of a decimal price counts as nothing; a tick of 0 takes any price. */
export function isOnTick(price: number, tick: number): boolean {
  if (tick === 0) return true;
  const steps = price / tick;
  return Math.abs(steps - Math.round(steps)) < 1e-6 * Math.max(1, Math.abs(steps) * 1e-3);
}
