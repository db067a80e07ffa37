import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openInstrumentArchive } from '../../src/adapters/duckdb/instrument-archive.ts';
import { brokerInstrument } from '../../src/app/backfill-instruments.ts';
import { archiveDay } from '../../src/app/instruments-sync.ts';
import { dayMs } from '../../src/domain/time.ts';
import { evening, listCsv } from '../support/candle-server.ts';
import { vaultContext } from '../support/vault-context.ts';

const waiting = { sleep: () => new Promise<void>((wake) => setImmediate(wake)), random: () => 0.5 };
const many = Array.from({ length: 300 }, (_, i) => `SHARE${i}`);

function synced() {
  const { context } = vaultContext();
  const file = join(mkdtempSync(join(tmpdir(), 'algo-sync-')), 'lists.duckdb');
  const archive = openInstrumentArchive({ file, waiting });
  const sync = (csv: string, now = evening, force = false) =>
    archiveDay(context, { archive, csv: Buffer.from(csv), now, sandbox: false, force });
  const lists = {
    day: '2026-09-30',
    listed: async (exchange: string) =>
      new Map(
        (await archive.find({ day: '2026-09-30', exchange })).map((each) => [each.tradingsymbol, each]),
      ),
    ever: (exchange: string, tradingsymbol: string) => archive.find({ exchange, tradingsymbol }),
  };
  return { archive, sync, lists };
}

describe("the broker's list", () => {
  test('is archived once a day of India', async () => {
    const { sync } = synced();
    expect(await sync(listCsv())).toMatchObject({ day: '2026-09-30', listed: 5, changed: 5 });
    expect(await sync(listCsv())).toMatchObject({ listed: 5, changed: 0 });
  });

  test('that is cut or has shrunk is refused, and the archive stays', async () => {
    const { sync, archive } = synced();
    await sync(listCsv(many), evening - dayMs);
    await expect(sync(listCsv(many).slice(0, -1))).rejects.toMatchObject({ code: 'DATA_COLUMNS' });
    await expect(sync(listCsv(many.slice(0, 100)))).rejects.toMatchObject({ code: 'DATA_SHRUNKEN' });
    expect((await archive.lists()).map(({ day }) => day)).not.toContain('2026-09-30');
    expect(await sync(listCsv(many.slice(0, 100)), evening, true)).toMatchObject({ listed: 102 });
  });

  test('names the nearest symbol, says what expired, and finds the nearest future', async () => {
    const { sync, lists } = synced();
    await sync(
      listCsv().replaceAll('NIFTY26OCTFUT', 'NIFTY26SEPFUT').replace('2026-10-27', '2026-09-29'),
      evening - 5 * dayMs,
    );
    await sync(listCsv());
    const find = (key: string, continuous = false) => brokerInstrument(key, lists, new Map(), continuous);
    expect((await find('NSE:INFY')).token).toBe(408_065);
    await expect(find('NSE:INFI')).rejects.toMatchObject({
      code: 'DATA_SYMBOL',
      message: expect.stringContaining('NSE:INFY'),
    });
    await expect(find('NFO:NIFTY26SEPFUT')).rejects.toMatchObject({ code: 'DATA_EXPIRED' });
    expect((await find('NFO:NIFTY', true)).instrument.key).toBe('NFO:NIFTY-CONTINUOUS');
    expect((await find('NFO:NIFTY', true)).token).toBe(12_345_602);
  });
});
