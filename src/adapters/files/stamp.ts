import { dayMs, hourMs, minuteMs, secondMs } from '../../domain/time.ts';
import type { DateOrder } from './date-order.ts';
import type { Zone } from './zone.ts';

/** Why a stamp could not be read; the reader of the file turns it into a sentence. */
export type StampProblem =
  | 'shape'
  | 'no-such-day'
  | 'no-such-time'
  | 'ambiguous'
  | 'skipped-by-clocks'
  | 'shown-twice';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Years outside this range are typing errors, not market data. */
const firstYear = 1900;
const lastYear = 2199;

const isDigit = (byte: number) => byte >= 48 && byte <= 57;
const isLetter = (byte: number) => (byte | 32) >= 97 && (byte | 32) <= 122;

/**
 * Reads date and time stamps byte by byte, without making strings. After `read` answered undefined, `instant` is the
 * stamp in epoch ms, `offset` the zone offset it was written in (ms), `clocked` whether it carried a time of day.
 *
 * Without an order, a date such as 03/04/2024 is refused as ambiguous. Years have four digits, two only where the
 * month is written as a word and the order is given or day-month-year.
 */
export class StampReader {
  order: DateOrder | undefined;
  readonly #zone: Zone;
  instant = 0;
  offset = 0;
  clocked = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #wall = 0;
  #zoned = false;

  constructor(zone: Zone, order?: DateOrder) {
    this.#zone = zone;
    this.order = order;
  }

  read(bytes: Uint8Array, from: number, to: number, clockFrom = -1, clockTo = -1): StampProblem | undefined {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    this.#zoned = false;
    this.clocked = false;
    let problem = this.#date();
    if (!problem && this.#zoned) return this.#at === to ? undefined : 'shape';
    if (!problem && this.#at < to) problem = this.#clockAfterDate();
    if (!problem && clockFrom >= 0) {
      if (this.clocked) return 'shape';
      this.#at = clockFrom;
      this.#end = clockTo;
      problem = this.#clock();
    }
    if (problem) return problem;
    if (this.#at !== this.#end) return 'shape';
    return this.#settle();
  }

  #settle(): StampProblem | undefined {
    if (!this.#zoned) {
      const offset = this.#zone.offsetOfWall(this.#wall);
      // A date without a time of day is a calendar day; clocks that skip midnight do not unmake it.
      if (!Number.isFinite(offset) && this.clocked) return offset > 0 ? 'shown-twice' : 'skipped-by-clocks';
      this.offset = Number.isFinite(offset) ? offset : this.#zone.offsetAt(this.#wall);
    }
    this.instant = this.#wall - this.offset;
    return undefined;
  }

  /** Digits from here on, at most `most`; -1 when there is none. Moves past them. */
  #number(most: number): number {
    const start = this.#at;
    let value = 0;
    while (this.#at < this.#end && this.#at - start < most && isDigit(this.#bytes[this.#at])) {
      value = value * 10 + this.#bytes[this.#at++] - 48;
    }
    return this.#at === start ? -1 : value;
  }

  #digitsAhead(): number {
    let at = this.#at;
    while (at < this.#end && isDigit(this.#bytes[at])) at++;
    return at - this.#at;
  }

  #date(): StampProblem | undefined {
    const digits = this.#digitsAhead();
    if (this.order === 'epoch' || this.order === 'epoch-ms')
      return this.#epoch(this.order === 'epoch' ? secondMs : 1);
    if (digits === 4) return this.#threeParts('ymd');
    if (digits === 1 || digits === 2) return this.#threeParts(this.order);
    if (digits === 0) return this.#threeParts('mdy');
    if (digits === 8) return this.#run(this.order ?? 'ymd');
    if (digits === 12 || digits === 14) return this.#run('ymd');
    // 10 digits are seconds until the year 2286, 13 are milliseconds; 16 and 19 are what pandas writes.
    if (digits === 10) return this.#epoch(secondMs);
    if (digits === 13) return this.#epoch(1);
    if (digits === 16) return this.#epoch(1 / 1_000);
    if (digits === 19) return this.#epoch(1 / 1_000_000);
    return 'shape';
  }

  #epoch(scale: number): StampProblem | undefined {
    const value = this.#number(19);
    if (value < 0) return 'shape';
    let fraction = 0;
    if (this.#at < this.#end && this.#bytes[this.#at] === 46) {
      this.#at++;
      for (let unit = 0.1; this.#at < this.#end && isDigit(this.#bytes[this.#at]); unit /= 10) {
        fraction += (this.#bytes[this.#at++] - 48) * unit;
      }
    }
    this.#zoned = true;
    this.clocked = true;
    this.instant = Math.round((value + fraction) * scale);
    if (this.instant >= 4_102_444_800_000) return 'no-such-day';
    this.offset = this.#zone.offsetAt(this.instant);
    return undefined;
  }

  /** `20240103`, `03012024`, `202401030915`, `20240103091500`: no separators at all. */
  #run(order: DateOrder): StampProblem | undefined {
    const first = this.#number(order === 'ymd' ? 4 : 2);
    const second = this.#number(2);
    const third = this.#number(order === 'ymd' ? 2 : 4);
    const problem = this.#day(order, first, second, third);
    if (problem || !isDigit(this.#bytes[this.#at] ?? 0) || this.#at >= this.#end) return problem;
    const hour = this.#number(2);
    const minute = this.#number(2);
    return this.#timeOfDay(hour, minute, this.#at < this.#end ? this.#number(2) : 0, 0);
  }

  #threeParts(order: DateOrder | undefined): StampProblem | undefined {
    const worded = isLetter(this.#bytes[this.#at] ?? 0);
    const first = worded ? this.#monthWord() : this.#number(4);
    // A month in letters may stand without separators: 31DEC2025.
    if (!this.#separator() && (worded || !this.#letterNext())) return 'shape';
    const secondWord = this.#letterNext();
    const second = secondWord ? this.#monthWord() : this.#number(2);
    if (!this.#separator() && !secondWord) return 'shape';
    const start = this.#at;
    const third = this.#number(4);
    if (first < 0 || second < 0 || third < 0 || (worded && secondWord)) return 'shape';
    if (worded) return this.#day('mdy', first, second, third);
    if (secondWord && order !== 'ymd') {
      const year = this.#at - start === 2 ? third + (third < 70 ? 2_000 : 1_900) : third;
      return this.#day('dmy', first, second, year);
    }
    if (order) return this.#day(order, first, second, third);
    if (first > 12) return this.#day('dmy', first, second, third);
    if (second > 12) return this.#day('mdy', first, second, third);
    return 'ambiguous';
  }

  #letterNext(): boolean {
    return this.#at < this.#end && isLetter(this.#bytes[this.#at]);
  }

  #separator(): boolean {
    const start = this.#at;
    while (this.#at < this.#end) {
      const byte = this.#bytes[this.#at];
      if (byte !== 45 && byte !== 47 && byte !== 46 && byte !== 32 && byte !== 44) break;
      this.#at++;
    }
    return this.#at > start && this.#at - start <= 2;
  }

  /** Month 1 to 12 from its English name or first three letters; -1 when it is none. */
  #monthWord(): number {
    const start = this.#at;
    while (this.#at < this.#end && isLetter(this.#bytes[this.#at])) this.#at++;
    if (this.#at - start < 3 || this.#at - start > 9) return -1;
    const b = this.#bytes;
    const word = String.fromCharCode(b[start] | 32, b[start + 1] | 32, b[start + 2] | 32);
    const month = months.indexOf(word);
    return month < 0 ? -1 : month + 1;
  }

  #day(order: DateOrder, first: number, second: number, third: number): StampProblem | undefined {
    const year = order === 'ymd' ? first : third;
    const month = order === 'mdy' ? first : second;
    const day = order === 'ymd' ? third : order === 'mdy' ? second : first;
    if (year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1) return 'no-such-day';
    const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    if (day > monthLengths[month - 1] + (leap ? 1 : 0)) return 'no-such-day';
    this.#wall = daysFromCivil(year, month, day) * dayMs;
    return undefined;
  }

  #clockAfterDate(): StampProblem | undefined {
    const start = this.#at;
    while (this.#at < this.#end && (this.#bytes[this.#at] === 32 || this.#bytes[this.#at] === 44)) this.#at++;
    if (this.#at < this.#end && (this.#bytes[this.#at] | 32) === 116) this.#at++;
    return this.#at === start ? 'shape' : this.#clock();
  }

  /** `09:15`, `09:15:00.000`, `0915`, `9:15 PM`, each with or without a zone behind it. */
  #clock(): StampProblem | undefined {
    const bare = this.#digitsAhead() >= 3;
    let hour = this.#number(2);
    if (bare && (this.#digitsAhead() === 1 || this.#digitsAhead() === 3)) {
      this.#at--;
      hour = Math.floor(hour / 10);
    }
    if (!bare && this.#bytes[this.#at++] !== 58) return 'shape';
    const minute = this.#number(2);
    let seconds = 0;
    if (bare ? this.#digitsAhead() > 0 : this.#at < this.#end && this.#bytes[this.#at] === 58) {
      if (!bare) this.#at++;
      seconds = this.#number(2);
      if (seconds < 0) return 'shape';
    }
    let ms = 0;
    if (this.#at < this.#end && this.#bytes[this.#at] === 46) {
      this.#at++;
      for (let unit = 100; this.#at < this.#end && isDigit(this.#bytes[this.#at]); unit /= 10) {
        ms += Math.floor((this.#bytes[this.#at++] - 48) * unit);
      }
    }
    if (hour < 0 || minute < 0) return 'shape';
    hour = this.#halfDay(hour);
    return this.#timeOfDay(hour, minute, seconds, ms) ?? this.#zoneBehind();
  }

  #halfDay(hour: number): number {
    let at = this.#at;
    while (at < this.#end && this.#bytes[at] === 32) at++;
    const letter = (this.#bytes[at] ?? 0) | 32;
    if (at + 2 > this.#end || (this.#bytes[at + 1] | 32) !== 109 || (letter !== 97 && letter !== 112))
      return hour;
    this.#at = at + 2;
    if (hour < 1 || hour > 12) return -1;
    return (hour % 12) + (letter === 112 ? 12 : 0);
  }

  #timeOfDay(hour: number, minute: number, seconds: number, ms: number): StampProblem | undefined {
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || seconds < 0 || seconds > 59)
      return 'no-such-time';
    this.#wall += hour * hourMs + minute * minuteMs + seconds * secondMs + ms;
    this.clocked = true;
    return undefined;
  }

  #zoneBehind(): StampProblem | undefined {
    while (this.#at < this.#end && this.#bytes[this.#at] === 32) this.#at++;
    if (this.#at === this.#end) return undefined;
    const sign = this.#bytes[this.#at];
    if (sign === 43 || sign === 45) {
      this.#at++;
      const hour = this.#number(2);
      if (this.#at < this.#end && this.#bytes[this.#at] === 58) this.#at++;
      const minute = this.#at < this.#end ? this.#number(2) : 0;
      if (hour < 0 || hour > 15 || minute < 0 || minute > 59) return 'shape';
      return this.#written((hour * hourMs + minute * minuteMs) * (sign === 45 ? -1 : 1));
    }
    const word = String.fromCharCode(...this.#bytes.subarray(this.#at, Math.min(this.#end, this.#at + 8)));
    const offset = { z: 0, utc: 0, gmt: 0, ist: 5.5 * hourMs }[word.toLowerCase()];
    if (offset === undefined) return 'shape';
    this.#at += word.length;
    return this.#written(offset);
  }

  #written(offset: number): undefined {
    this.offset = offset;
    this.#zoned = true;
    return undefined;
  }
}

/** Days since 1970-01-01 of a day of the Gregorian calendar; years from 1 on. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const century = Math.floor(y / 100);
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day;
  return 365 * y + Math.floor(y / 4) - century + Math.floor(century / 4) + dayOfYear - 719_469;
}
