import { journalFolder } from './program.ts';
import type { SimulatedDisk } from './simulated-disk.ts';

/** A record as it stands on the disk, and the byte behind it. */
export interface Written {
  readonly t: string;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** What a tag says, read by its letters alone. */
export function idOfTag(tag: string): number {
  return Number.parseInt(tag.slice(6, 10), 36);
}

/** Reads the session's journal from outside while it grows, without any code of the program's. */
export class JournalReader {
  records: Written[] = [];
  readonly #disk: SimulatedDisk;
  readonly #path = `${journalFolder}/000001.ndjson`;
  #read = 0;

  constructor(disk: SimulatedDisk) {
    this.#disk = disk;
  }

  /** Takes in what has been written since, and forgets what a crash has taken. Answers how many bytes are durable. */
  refresh(): number {
    const { written, durable } = this.#disk.extent(this.#path);
    if (written < this.#read) {
      while ((this.records.at(-1)?.end ?? 0) > written) this.records.pop();
      this.#read = this.records.at(-1)?.end ?? 0;
    }
    const bytes = this.#disk.written(this.#path, this.#read);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      try {
        this.records.push({ ...JSON.parse(bytes.toString('utf8', from, end)), end: this.#read + end + 1 });
      } catch {
        // A line that was cut and then written over: the program sets it aside when it starts again.
        break;
      }
      from = end + 1;
    }
    this.#read += from;
    return durable;
  }
}
