import { expect, test } from '@jest/globals';
import { BarSeries } from '#src/domain/bar-series.ts';
import { minuteMs, startOfDay } from '#src/domain/time.ts';
import type { Timeframe } from '#src/domain/timeframe.ts';
import { catalogue } from '#src/indicators/catalogue.ts';
import { Evaluation, type ScannedBars } from '#src/research/scan/evaluate.ts';
import { parseCondition, parseExpression } from '#src/research/scan/parse.ts';
import { type Reach, reachOf } from '#src/research/scan/reach.ts';
import { candidate, noPatterns } from './scanned.ts';

const reach = (where: string, base: Timeframe = 'day'): Readonly<Record<string, Reach>> =>
  Object.fromEntries(reachOf([parseCondition(where).node], base));

test('an expression says how many bars of each timeframe its newest value needs', () => {
  expect(reach('close > highest(high, 20)[1]')).toEqual({ day: { bars: 21, back: 0 } });
  expect(reach('all(volume < sma(volume, 50), 3)')).toEqual({ day: { bars: 52, back: 0 } });
  expect(reach('close > 1 and day.close > day.sma200', '15m')).toEqual({
    '15m': { bars: 1, back: 0 },
    day: { bars: 200, back: 0 },
  });
});

test('another timeframe seen from an earlier bar is needed from that bar on', () => {
  expect(reach('any(close > day.sma200, 5)', '15m').day).toEqual({ bars: 200, back: 4 });
});

test('what adds up since the beginning has no end', () => {
  expect(reach('obv > sma(obv, 20)').day.bars).toBeUndefined();
});

const series = walk(4_000);
const whole: ScannedBars = { series, closes: series.time };

// A formula that is too short would make a scan miss or invent hits, so every indicator is looked at on the bars it says it needs.
test.each(Object.entries(catalogue))('%s is the same on the bars that it needs as on all', (name, entry) => {
  for (const line of Object.keys(entry.warmUp)) {
    const sources = entry.sources.map((_, at) => (at === 0 ? 'close' : 'volume'));
    const call = `${name}${sources.length > 0 ? `(${sources.join(', ')})` : ''}${line === 'value' ? '' : `.${line}`}`;
    const node = parseExpression(call);
    const bars = reachOf([node], '15m').get('15m')?.bars;
    if (bars === undefined) continue;
    const from = series.length - bars;
    const part = { series: series.slice(from, series.length), closes: series.time.slice(from) };
    const [short, long] = [part, whole].map((each) =>
      new Evaluation({ ...candidate('TEST:ONE', each), ranks: new Map(), patterns: noPatterns })
        .column(node)
        .at(-1),
    );
    expect(Number.isFinite(long)).toBe(true);
    expect(Math.abs(Number(short) - Number(long))).toBeLessThan(
      2e-6 * Math.max(1_000, Math.abs(Number(long))),
    );
  }
});

function walk(bars: number): BarSeries {
  const made = new BarSeries('TEST:ONE', '15m');
  let price = 1_000;
  let state = 7;
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let row = 0; row < bars; row++) {
    const open = price;
    price = Math.max(10, open * (1 + (draw() - 0.5) / 50));
    const time = startOfDay(20_000 + Math.floor(row / 25)) + (555 + (row % 25) * 15) * minuteMs;
    const edge = open * 0.004 * draw();
    made.append(
      time,
      open,
      Math.max(open, price) + edge,
      Math.min(open, price) - edge,
      price,
      100 + Math.floor(draw() * 900),
    );
  }
  made.time = made.time.slice(0, bars);
  return made;
}
