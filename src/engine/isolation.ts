/** What happens to a strategy that fails while a session goes on; without it the first failure stops the run. */
export interface Isolation {
  /** Failures of a strategy in an instrument and day after which it decides there no more. */
  readonly errorsMax: number;
  /** Its position is then closed at market; otherwise it keeps its stops, targets and square-off. */
  readonly flatten: boolean;
}
