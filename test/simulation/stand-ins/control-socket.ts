/** Nobody asks a simulated session anything over a socket: what the words do is tried with real ones. */
export async function openControl(): Promise<{ close(): void }> {
  return { close: () => undefined };
}

export async function askControl(): Promise<undefined> {
  return undefined;
}
