/** A cell of a CSV line as RFC 4180 has it: in quotes where it holds a comma, a quote or a line's end. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
