import { countText } from './format.ts';

const namesShown = 5;

/** Whole numbers as they are, others with as many decimals as their size asks for. */
export function figureText(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'n/a';
  if (Number.isInteger(value) || Math.abs(value) >= 100_000) return countText(Math.round(value));
  return Math.abs(value) < 1 ? value.toFixed(4) : value.toFixed(2);
}

/** The first of them, and how many more there are. */
export function namedText(names: readonly string[]): string {
  const more = names.length - namesShown;
  return `${names.slice(0, namesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
