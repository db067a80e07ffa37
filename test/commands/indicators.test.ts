import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('algo indicators', () => {
  test('tells one indicator in full, as a document too', async () => {
    const { exitCode, stdout } = await askAlgo(['indicators', 'MACD'], { home });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('const { line, signal, histogram } = macd(source, fast, slow, signal);');
    const json = await askAlgo(['indicators', 'adx', '--json'], { home });
    expect(JSON.parse(json.stdout)).toEqual({
      indicators: [
        {
          name: 'adx',
          about: "Wilder's average directional index and directional indicators, 0 to 100",
          call: 'adx(period)',
          inputs: [{ name: 'period', default: 14 }],
          outputs: [
            { name: 'line', warmUpBars: 27 },
            { name: 'plusDi', warmUpBars: 14 },
            { name: 'minusDi', warmUpBars: 14 },
          ],
        },
      ],
    });
  });

  test('names the nearest when there is no such indicator', async () => {
    const { exitCode, stderr } = await askAlgo(['indicators', 'bolinger'], { home });
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'Unknown indicator "bolinger". Did you mean "bollinger"?\nFix: List them with: algo indicators\n',
    );
  });
});
