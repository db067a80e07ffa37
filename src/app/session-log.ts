import type { Context } from './context.ts';

/** What a session tells a person is in the log too, at once, so that somebody else can read along. */
export function logged<C extends Context>(
  context: C,
  session: { readonly command: string; readonly stream: string },
): C {
  const { output, log } = context;
  return {
    ...context,
    output: {
      ...output,
      note(sentence: string) {
        output.note(sentence);
        log.info(session, sentence);
        void log.flush();
      },
      warn(sentence: string) {
        output.warn(sentence);
        // The line is the output's; it only should not wait for the day's end.
        void log.flush();
      },
    },
  };
}
