/** What a call of the official client was refused with; it rejects with plain objects. Throws when it was not refused. */
export async function refusalOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    const answer = await call;
    throw new Error(`expected a refusal, received ${JSON.stringify(answer)}`);
  } catch (error) {
    if (error instanceof Error) throw error;
    return { ...Object(error) };
  }
}
