/** No strategy of the simulation hangs, and nothing real is measured. */
export function cameBack(work: () => void): boolean {
  work();
  return true;
}
