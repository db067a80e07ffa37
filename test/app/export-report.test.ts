import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkExportFile, writeExportFile } from '../../src/app/export-file.ts';
import { pageParts } from '../../src/app/export-report.ts';
import { projectRoot } from '../support/project-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'algo-report-'));

describe('a file that is exported', () => {
  test('cannot lie in a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'algo-export-')), 'page.html');
    writeFileSync(file, '');
    const asked = { flag: '--export', file: join(file, 'x.csv'), endings: ['.csv'], example: 'trades.csv' };
    expect(() => checkExportFile(asked)).toThrow(
      expect.objectContaining({
        code: 'USAGE_EXPORT',
        message: `"${asked.file}" lies in ${file}, which is a file.`,
      }),
    );
  });

  test('takes the place of the one before and leaves nothing beside it', async () => {
    const file = join(folder, 'report.html');
    writeFileSync(file, 'before');
    await writeExportFile(file, 'after');
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  test('that cannot be written says so and leaves nothing', async () => {
    await expect(writeExportFile(join(folder, 'gone', 'report.html'), 'text')).rejects.toMatchObject({
      code: 'DATA_WRITE',
      fix: 'Check the disk and the rights of the folder.',
    });
    expect(readdirSync(folder)).toEqual(['report.html']);
  });
});

describe("the page's parts", () => {
  test('are the library with its licence, the scripts and the style', async () => {
    const { charts, script, style } = await pageParts(projectRoot);
    expect(charts).toContain('Apache License 2.0');
    expect(script).toContain('reportPage');
    expect(style).toContain('prefers-color-scheme');
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|\beval\b|new Function/);
  });

  test('that are missing are named', async () => {
    await expect(pageParts(folder)).rejects.toMatchObject({
      code: 'BUG_PAGE_PARTS',
      message: "lightweight-charts, a part of the report's page, is missing.",
    });
  });
});
