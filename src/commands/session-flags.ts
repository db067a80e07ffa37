import { Flags } from './base-command.ts';

/** What a session runs on, whosever money it is. */
export const sessionFlags = {
  strategy: Flags.string({
    char: 's',
    multiple: true,
    multipleNonGreedy: true,
    description: 'strategy to run; repeatable',
  }),
  until: Flags.string({ description: 'India time at which the day ends, HH:MM; the close when left out' }),
  once: Flags.boolean({
    default: false,
    description: 'one pass over the bars that have closed, for cron; the next start goes on',
  }),
  record: Flags.boolean({
    default: false,
    description: 'keep everything that comes over the stream, for algo replay',
  }),
  timeframe: Flags.string({ char: 'i', description: 'bars to decide on; else the strategy’s own' }),
  param: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'fast=10; repeatable' }),
  'warm-up': Flags.integer({
    default: 60,
    min: 0,
    max: 10_000,
    description: 'calendar days of bars before the session that warm indicators up',
  }),
};
