/** Minutes of the ordinary session that the shapes below describe, 09:15 to 15:30. */
const ordinaryMinutes = 375;

type Knots = readonly (readonly [minute: number, level: number])[];

// Calibrated to NSE minute data 2021–2024: mean absolute one-minute return and share of the day's volume by minute,
// each over its own mean. The bump at 345 is 15:00, when the index's closing average begins.
// biome-ignore format: a table of pairs
const indexMoves: Knots = [
  [0, 5.47], [1, 2.38], [2, 1.98], [4, 1.84], [7, 1.75], [12, 1.56], [22, 1.37], [37, 1.19], [52, 1.1], [75, 0.99],
  [105, 0.86], [150, 0.82], [210, 0.86], [262, 0.93], [307, 1.03], [344, 1.0], [345, 2.86], [346, 1.75], [348, 1.25],
  [352, 1.11], [357, 0.94], [363, 0.89], [374, 0.76],
];

// biome-ignore format: a table of pairs
const stockMoves: Knots = [
  [0, 5.2], [1, 3.1], [2, 2.66], [4, 2.35], [7, 2.2], [12, 1.82], [22, 1.52], [37, 1.24], [52, 1.14], [75, 1.0],
  [105, 0.88], [150, 0.83], [210, 0.8], [262, 0.87], [307, 0.92], [344, 0.94], [345, 1.45], [346, 1.18], [348, 1.1],
  [352, 1.05], [357, 1.02], [363, 1.0], [374, 1.02],
];

// biome-ignore format: a table of pairs
const volumes: Knots = [
  [0, 6.8], [1, 4.3], [2, 3.2], [4, 2.75], [7, 2.45], [12, 1.98], [22, 1.53], [37, 1.18], [52, 1.02], [75, 0.86],
  [105, 0.77], [150, 0.7], [210, 0.67], [262, 0.75], [307, 0.88], [344, 1.0], [345, 2.0], [346, 1.52], [348, 1.62],
  [352, 1.79], [357, 1.95], [363, 2.4], [374, 1.75],
];

/** The U of a trading day by minute: how large moves are (mean square 1) and how much is traded (mean 1). */
export interface DayShape {
  readonly moves: Float64Array;
  readonly volumes: Float64Array;
}

export const indexShape: DayShape = {
  moves: scaled(filled(indexMoves), 2),
  volumes: scaled(filled(volumes), 1),
};
export const stockShape: DayShape = {
  moves: scaled(filled(stockMoves), 2),
  volumes: scaled(filled(volumes), 1),
};

/**
 * Where a minute of any session lies on the ordinary day: its first half counts from the open, its second half back
 * from the close, so that a Muhurat hour has an opening and a closing as well.
 */
export function minuteOnOrdinaryDay(minute: number, sessionMinutes: number): number {
  if (sessionMinutes === ordinaryMinutes) return minute;
  const place = minute * 2 < sessionMinutes ? minute : ordinaryMinutes - sessionMinutes + minute;
  return Math.max(0, Math.min(ordinaryMinutes - 1, place));
}

function filled(knots: Knots): Float64Array {
  const levels = new Float64Array(ordinaryMinutes);
  let left = 0;
  for (let minute = 0; minute < ordinaryMinutes; minute++) {
    while (left < knots.length - 2 && knots[left + 1][0] <= minute) left++;
    const [fromMinute, from] = knots[left];
    const [toMinute, to] = knots[left + 1];
    levels[minute] = from + ((to - from) * (minute - fromMinute)) / (toMinute - fromMinute);
  }
  return levels;
}

/** Divided so that the mean of the `power`-th powers is 1. */
function scaled(levels: Float64Array, power: 1 | 2): Float64Array {
  let sum = 0;
  for (const level of levels) sum += power === 2 ? level * level : level;
  const unit = power === 2 ? Math.sqrt(sum / levels.length) : sum / levels.length;
  return levels.map((level) => level / unit);
}
