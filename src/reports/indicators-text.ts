import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** An indicator as people and programs read it. */
export interface IndicatorPage {
  readonly name: string;
  readonly about: string;
  /** How a strategy calls it. */
  readonly call: string;
  readonly inputs: readonly IndicatorInput[];
  readonly outputs: readonly IndicatorOutput[];
}

export interface IndicatorInput {
  readonly name: string;
  /** What it is when left out; null for a series, which has to be given. */
  readonly default: number | string | null;
}

export interface IndicatorOutput {
  /** `value` where the indicator is one line by itself. */
  readonly name: string;
  /** Bars it is NaN at the start with the default inputs; null where it waits for the next session. */
  readonly warmUpBars: number | null;
}

export interface IndicatorsPage {
  readonly indicators: readonly IndicatorPage[];
}

/** One line per indicator; one indicator alone is told in full. */
export function indicatorsText({ indicators }: IndicatorsPage, screen: Screen): string {
  if (indicators.length === 1) return indicatorText(indicators[0], screen);
  const rows = indicators.map((page) => [
    page.name,
    page.about,
    page.inputs.map(inputText).join(' '),
    page.outputs.map(({ name }) => name).join(' '),
    warmUpText(page.outputs),
  ]);
  const columns = ['indicator', 'about', 'inputs', 'lines', 'warm-up'];
  const notes = ['Warm-up: bars at the start on which a line is NaN, with the default inputs.'];
  return tableText({ columns, rows, notes }, screen);
}

function indicatorText({ name, about, call, inputs, outputs }: IndicatorPage, screen: Screen): string {
  const given = tableText(
    {
      columns: ['input', 'default'],
      rows: inputs.map((input) => [input.name, input.default ?? 'a series, such as close']),
      empty: 'No inputs.',
    },
    screen,
  );
  const lines = tableText(
    { columns: ['line', 'warm-up'], rows: outputs.map((output) => [output.name, warmUpText([output])]) },
    screen,
  );
  return `${name}: ${about}\n${usage(call, outputs)}\n\n${given}\n\n${lines}`;
}

function usage(call: string, outputs: readonly IndicatorOutput[]): string {
  const names = outputs.map(({ name }) => name);
  return names.length === 1 ? `const line = ${call};` : `const { ${names.join(', ')} } = ${call};`;
}

/** `period=20`, or the bare name of a series. */
export function inputText(input: IndicatorInput): string {
  return input.default === null ? input.name : `${input.name}=${input.default}`;
}

/** The longest of them: from there on every line has a value. */
export function warmUpText(outputs: readonly IndicatorOutput[]): string {
  const bars = outputs.map(({ warmUpBars }) => warmUpBars);
  return bars.includes(null) ? 'a session' : `${Math.max(...bars.map((each) => each ?? 0))}`;
}
