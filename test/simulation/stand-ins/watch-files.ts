/** Nobody changes the settings of a simulated session while it runs. */
export function watchFiles(): { close(): void } {
  return { close: () => undefined };
}
