import { TickColumns, tickAt } from '../src/adapters/kite/tick-columns.ts';
import { noCounts, readFrame } from '../src/adapters/kite/ticker-frame.ts';
import { BarSeries } from '../src/domain/bar-series.ts';
import { minuteMs } from '../src/domain/time.ts';
import type { Measured } from './measure.ts';
import { compare, median } from './rounds.ts';

const instruments = 500;
const seconds = 120;
const perFrame = 100;
const packetBytes = 2 + 184;
const ticks = instruments * seconds;
const opening = 1_764_040_500;

/** W6: full ticks out of frames into one-minute bars, against the barest loop that reads the same bytes; and as objects. */
export function tickMeasures(): readonly Measured[] {
  const tokens = Array.from({ length: instruments }, (_, at) => ((at + 1) << 8) | 1);
  const frames = madeFrames(tokens);
  const [bare, ours, objects] = compare(
    [
      { name: 'bare loop', run: () => bareBars(frames) },
      { name: 'parser', run: () => parsedBars(frames, tokens, false) },
      { name: 'parser with objects', run: () => parsedBars(frames, tokens, true) },
    ],
    { show: (sum) => `sum ${sum.toPrecision(10)}` },
  );
  const input = `${ticks.toLocaleString('en-IN')} full ticks`;
  const rate = (time: number) => `${(ticks / time / 1e6).toFixed(1)} M ticks/s`;
  const others = [ours, objects].map(
    ({ name, seconds: time, ratio, equal, result }, at): Measured => ({
      measure: `W6 ${name}`,
      input,
      goal: at === 0 ? '≥ 20 M ticks/s, ≤ 2 ×' : '≥ 1 M ticks/s',
      measured: equal ? `${rate(time)}, ${ratio.toFixed(2)} ×` : `other result: ${result}`,
      met: equal && (at === 0 ? ratio <= 2 && ticks / time >= 20e6 : ticks / time >= 1e6),
      ...(equal ? { ratio } : { wrong: true as const }),
    }),
  );
  return [
    { measure: 'W6 bare loop', input, goal: 'reference', measured: rate(bare.seconds), met: undefined },
    ...others,
    shareOfCore(),
  ];
}

/** 9,000 instruments at one tick a second: the CPU time that a second of it takes. */
function shareOfCore(): Measured {
  const tokens = Array.from({ length: 9_000 }, (_, at) => ((at + 1) << 8) | 1);
  const frames = madeFrames(tokens, 1);
  const bars = new Bars(tokens);
  const times = Array.from({ length: 41 }, () => {
    const start = process.cpuUsage();
    bars.read(frames, false);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  });
  const share = median(times) * 100;
  return {
    measure: 'W6 9,000 instruments at one tick a second',
    input: '9,000 full ticks',
    goal: '< 10 % of a core',
    measured: `${share.toFixed(2)} % of a core`,
    met: share < 10,
  };
}

class Bars {
  readonly columns: TickColumns;
  readonly counts = noCounts();
  readonly #bars: readonly BarSeries[];
  readonly #minute: Float64Array;
  readonly #open: Float64Array;
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  sum = 0;
  #objects = false;

  constructor(tokens: readonly number[]) {
    this.columns = new TickColumns(tokens);
    this.#bars = tokens.map((token) => new BarSeries(`NSE:${token}`, '1m', 64));
    this.#minute = new Float64Array(tokens.length);
    this.#open = new Float64Array(tokens.length);
    this.#high = new Float64Array(tokens.length);
    this.#low = new Float64Array(tokens.length);
  }

  read(frames: readonly DataView[], objects: boolean): void {
    this.#objects = objects;
    for (const frame of frames) readFrame(frame, this.columns, opening * 1_000, this.counts, this.#tick);
  }

  readonly #tick = (slot: number): void => {
    const { lastPrice, exchangeTime, volume } = this.columns;
    if (this.#objects && tickAt(this.columns, slot).lastPrice !== lastPrice[slot])
      throw new Error('not the same');
    const price = lastPrice[slot];
    const minute = Math.floor(exchangeTime[slot] / minuteMs);
    if (minute !== this.#minute[slot]) {
      if (this.#minute[slot] > 0) {
        this.sum += this.#open[slot] + this.#high[slot] + this.#low[slot];
        const bars = this.#bars[slot];
        const time = this.#minute[slot] * minuteMs;
        if (bars.length === 0 || time > bars.time[bars.length - 1])
          bars.append(time, this.#open[slot], this.#high[slot], this.#low[slot], price, volume[slot]);
      }
      this.#minute[slot] = minute;
      this.#open[slot] = price;
      this.#high[slot] = price;
      this.#low[slot] = price;
    } else {
      if (price > this.#high[slot]) this.#high[slot] = price;
      if (price < this.#low[slot]) this.#low[slot] = price;
    }
  };
}

function parsedBars(frames: readonly DataView[], tokens: readonly number[], objects: boolean): number {
  const bars = new Bars(tokens);
  bars.read(frames, objects);
  return bars.sum;
}

/** Reads every figure of every packet into columns, knowing beforehand where each lies; no check of anything. */
function bareBars(frames: readonly DataView[]): number {
  const columns = Array.from({ length: 16 }, () => new Float64Array(instruments));
  const depth = new Float64Array(instruments * 30);
  const minutes = new Float64Array(instruments);
  const open = new Float64Array(instruments);
  const high = new Float64Array(instruments);
  const low = new Float64Array(instruments);
  let sum = 0;
  for (const frame of frames) {
    for (let packet = 0; packet < perFrame; packet++) {
      const at = 4 + packet * packetBytes;
      const slot = (frame.getUint32(at) >>> 8) - 1;
      for (let figure = 1; figure < 16; figure++) columns[figure][slot] = frame.getUint32(at + figure * 4);
      for (let level = 0; level < 10; level++) {
        const from = at + 64 + level * 12;
        const into = slot * 30 + level * 3;
        depth[into] = frame.getUint32(from);
        depth[into + 1] = frame.getUint32(from + 4) / 100;
        depth[into + 2] = frame.getUint16(from + 8);
      }
      const price = columns[1][slot] / 100;
      const minute = Math.floor(columns[15][slot] / 60);
      if (minute !== minutes[slot]) {
        if (minutes[slot] > 0) sum += open[slot] + high[slot] + low[slot];
        minutes[slot] = minute;
        open[slot] = high[slot] = low[slot] = price;
      } else {
        if (price > high[slot]) high[slot] = price;
        if (price < low[slot]) low[slot] = price;
      }
    }
  }
  return sum;
}

function madeFrames(tokens: readonly number[], forSeconds = seconds): readonly DataView[] {
  const frames: DataView[] = [];
  for (let second = 0; second < forSeconds; second++)
    for (let first = 0; first < tokens.length; first += perFrame) {
      const frame = new DataView(new ArrayBuffer(2 + perFrame * packetBytes));
      frame.setUint16(0, perFrame);
      for (let packet = 0; packet < perFrame; packet++) {
        const at = 4 + packet * packetBytes;
        const price = 150_000 + (((first + packet) * 31 + second * 17) % 2_000);
        frame.setUint16(at - 2, 184);
        const figures = [
          tokens[first + packet],
          price,
          5,
          price,
          second * 100,
          9,
          9,
          150_000,
          152_000,
          150_000,
          150_500,
        ];
        figures.forEach((figure, place) => {
          frame.setUint32(at + place * 4, figure);
        });
        frame.setUint32(at + 44, opening + second);
        frame.setUint32(at + 60, opening + second);
        for (let level = 0; level < 10; level++) {
          frame.setUint32(at + 64 + level * 12, 5);
          frame.setUint32(at + 68 + level * 12, price + level);
          frame.setUint16(at + 72 + level * 12, 1);
        }
      }
      frames.push(frame);
    }
  return frames;
}
