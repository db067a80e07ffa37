import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { listIndicators } from '../../src/app/indicators.ts';
import { indicatorsText, inputText, warmUpText } from '../../src/reports/indicators-text.ts';
import { projectRoot } from '../support/project-root.ts';

const page = listIndicators();

describe('indicators', () => {
  test('the guide has a row for each, as the catalogue tells it', () => {
    const rows = page.indicators.map(({ name, about, inputs, outputs }) => {
      const lines = outputs.map((line) => line.name).join(', ');
      return `| `.concat(
        [`\`${name}\``, about, inputs.map(inputText).join(', ') || 'none', lines, warmUpText(outputs)].join(
          ' | ',
        ),
        ' |',
      );
    });
    const guide = readFileSync(join(projectRoot, 'docs/indicators.md'), 'utf8');
    const table = guide.split('\n').filter((line) => line.startsWith('| `'));
    expect(table).toEqual(rows);
  });

  test('the table shows inputs with their defaults, lines and warm-up', () => {
    const text = indicatorsText(page, { width: 200, colour: false });
    const row = text.split('\n').find((line) => line.startsWith('macd'));
    expect(row?.replace(/ {2,}/g, ' | ')).toBe(
      'macd | moving average convergence/divergence | source fast=12 slow=26 signal=9 | line signal histogram | 33',
    );
    expect(text).toMatch(/^pivots.* a session$/m);
  });
});
