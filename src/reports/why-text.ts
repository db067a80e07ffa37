import { istText } from '../domain/time.ts';
import { countText, percentText, priceText } from './format.ts';
import { bold, type Screen } from './screen.ts';
import { tableText } from './table.ts';
import type { WhyDocument, WhyRun, WhySource, WhyTurn } from './why-json.ts';

/** Reasons counted, the bars of a day in a row, or one bar with its whole chain: whatever the document holds. */
export function whyText({ source, runs }: WhyDocument, screen: Screen): string {
  return [headOf(source), ...runs.map((run) => runText(run, screen))].join('\n\n');
}

const sessionNames = { paper: 'Paper session', live: 'Live session' } as const;

function headOf({ kind, id, stream, synthetic }: WhySource): string {
  const what = kind === 'backtest' ? `Backtest ${id}` : `${sessionNames[kind]} ${id} of stream ${stream}`;
  return [`${what}, played again bar by bar.`, ...(synthetic ? ['Synthetic prices, not real.'] : [])].join(
    '\n',
  );
}

function runText(run: WhyRun, screen: Screen): string {
  const { turns, strategy, instrument, timeframe } = run;
  const title = `${strategy} on ${instrument}, ${timeframe} bars`;
  if (turns === undefined) return countsText(run, title, screen);
  if (turns.length === 1) return [bold(title, screen), turnText(turns[0])].join('\n');
  return tableText(
    {
      title,
      columns: ['bar', 'close', 'holds', 'reason', 'in words'],
      rows: turns.map(({ time, bar, quantity, reason, meaning }) => [
        instant(time),
        priceText(bar.close),
        quantity === 0 ? '' : countText(quantity),
        reason,
        meaning,
      ]),
      notes: ['One of them with its whole chain: give its time.'],
    },
    screen,
  );
}

function countsText({ reasons = [], halted = {}, bars }: WhyRun, title: string, screen: Screen): string {
  return tableText(
    {
      title,
      columns: ['stage', 'reason', 'in words', 'bars', 'share', { title: 'last', optional: true }],
      rows: reasons.map(({ stage, reason, meaning, bars: count, last }) => [
        stage,
        reason,
        meaning,
        countText(count),
        percentText((count / bars) * 100),
        instant(last),
      ]),
      totals: ['', '', 'all bars', countText(reasons.reduce((sum, each) => sum + each.bars, 0)), '', ''],
      empty: 'No bar was played.',
      notes: Object.entries(halted).map(
        ([code, count]) => `${code} stood on ${countText(count)} of the bars.`,
      ),
    },
    screen,
  );
}

function turnText(turn: WhyTurn): string {
  const { bar, quantity, entering, indicators, halts, during, chain, later } = turn;
  const prices = (['open', 'high', 'low', 'close'] as const).map((name) => `${name} ${priceText(bar[name])}`);
  const rows: (readonly [string, string])[] = [
    ['bar', `${instant(turn.time)}, decided ${instant(turn.decided)}`],
    ['prices', `${prices.join('  ')}  volume ${countText(bar.volume)}`],
    ...indicators.map(
      ({ name, value }, at) =>
        [at === 0 ? 'indicators' : '', `${name} = ${value === null ? 'no value' : value}`] as const,
    ),
    ...during.map((text, at) => [at === 0 ? 'in the bar' : '', text] as const),
    [
      'position',
      `${quantity === 0 ? 'flat' : `${countText(quantity)} held`}${entering ? ', an entry working' : ''}`,
    ],
    ...halts.map((text, at) => [at === 0 ? 'halted' : '', text] as const),
    ...chain.map(({ stage, outcome, text }) => [stage, outcome === 'ended' ? `✗ ${text}` : text] as const),
    ...later.map((text, at) => [at === 0 ? 'later' : '', text] as const),
    ['so', `${turn.meaning} (${turn.reason})`],
  ];
  return rows.map(([label, text]) => `  ${label.padEnd(11)} ${text}`).join('\n');
}

/** `2026-10-06 10:45` of an ISO instant in India. */
function instant(iso: string): string {
  return istText(Date.parse(iso));
}
