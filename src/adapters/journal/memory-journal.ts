import type { JournalEntry } from '../../engine/journal-entry.ts';
import type { Journal } from '../../engine/ports.ts';

/** A journal that lives as long as the run. Entries are kept as they come; they are never changed. */
export class MemoryJournal implements Journal {
  readonly entries: JournalEntry[] = [];

  append(entry: JournalEntry): void {
    this.entries.push(entry);
  }
}
