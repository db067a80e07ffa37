import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { configHash } from '../../src/config/config-hash.ts';
import { otherConfigFiles } from '../../src/config/files.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { schemaPaths } from '../../src/config/problems.ts';
import { defaultConfig } from '../../src/config/schema.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(`${root}/configs/default.yaml`, 'utf8');

describe('configs', () => {
  test('default.yaml is the built-in defaults', () => {
    expect(parse(text)).toEqual(defaultConfig());
  });

  test('default.yaml explains every key in the lines above it', () => {
    const lines = text.split('\n');
    const keys = schemaPaths().map((path) => path.split('.').at(-1) ?? path);
    expect(keys.length).toBeGreaterThan(30);
    const silent = keys.filter((key) => {
      const row = lines.findIndex((line) => new RegExp(`^\\s*${key}:`).test(line));
      return row < 1 || !/^\s*#/.test(lines[row - 1] ?? '');
    });
    expect(silent).toEqual([]);
  });

  const profiles = readdirSync(`${root}/configs`)
    .map((name) => name.replace('.yaml', ''))
    .filter((name) => name !== 'default' && !otherConfigFiles.includes(name));
  test.each(profiles)('%s is a valid profile', async (profile) => {
    const { config } = await loadConfig({ root, home: root, env: {}, profile });
    expect(configHash(config)).not.toBe(configHash(defaultConfig()));
  });

  test('the named scans are no profile', async () => {
    await expect(loadConfig({ root, home: root, env: {}, profile: 'scans' })).rejects.toThrow(
      /unknown profile "scans"/,
    );
  });

  test('the JSON schema describes every key', () => {
    const schema = JSON.stringify(configJsonSchema());
    for (const path of schemaPaths()) expect(schema).toContain(`"${path.split('.').at(-1)}":{`);
    expect(schema).not.toContain('"required"');
  });
});

describe('configHash', () => {
  test('ignores paths, logging and what is kept, and nothing else', () => {
    const config = defaultConfig();
    const hash = configHash(config);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(
      configHash({
        ...config,
        data: { history: '/elsewhere' },
        log: { level: 'debug', file: '/x', megabytes: 1, keep: 9 },
      }),
    ).toBe(hash);
    expect(configHash({ ...config, runs: { keep: 1 }, doctor: { clockUrl: 'https://x.example/' } })).toBe(
      hash,
    );
    expect(configHash({ ...config, capital: 1_000_001 })).not.toBe(hash);
    expect(configHash({ ...config, fill: { ...config.fill, limitTouch: true } })).not.toBe(hash);
  });

  test('does not depend on the order of keys', () => {
    const config = defaultConfig();
    const reversed = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
    expect(configHash(reversed)).toBe(configHash(config));
  });
});
