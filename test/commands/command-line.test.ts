import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { emptyHome, runAlgo, runJs } from '../support/run-algo.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('command line', () => {
  beforeAll(() => {
    // Builds the bundle when it is missing or old, so that no test pays for it.
    execFileSync(process.execPath, [runJs, '--version'], { stdio: 'ignore' });
  });

  test.each([[[]], [['--help']], [['-h']], [['help']]])(
    '%j prints the help of algo',
    async (args: string[]) => {
      const { exitCode, stdout, stderr } = await runAlgo(args);
      expect(exitCode).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toContain('USAGE\n  $ algo [COMMAND]');
      expect(stdout).toMatch(/^ {2}config +settings in force/m);
    },
  );

  test('--version prints name, version, platform and node', async () => {
    const { exitCode, stdout } = await runAlgo(['--version']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`algo/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
  });

  test('a topic prints its commands', async () => {
    const { exitCode, stdout } = await runAlgo(['config']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}config show +settings in force/m);
  });

  test.each([[['config', 'show', '--help']], [['help', 'config', 'show']], [['config', 'show', '-h']]])(
    '%j prints the help of the command with an example',
    async (args: string[]) => {
      const { exitCode, stdout } = await runAlgo(args);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('$ algo config show --profile fno');
      expect(stdout).toContain('--set=<value>...');
    },
  );

  test.each([
    [
      ['--quiet', 'config'],
      'No command before --quiet. Write flags after the command.\nFix: See: algo --help\n',
    ],
    [['cofig'], 'Unknown command "cofig". Did you mean "algo config"?\nFix: See: algo --help\n'],
    [
      ['config', 'shwo'],
      'Unknown command "config shwo". Did you mean "algo config show"?\nFix: See: algo --help\n',
    ],
    [
      ['config', 'show', '--profil', 'x'],
      'Unknown flag --profil. Did you mean --profile?\nFix: See: algo config show --help\n',
    ],
    [
      ['config', 'show', '--qiuet'],
      'Unknown flag --qiuet. Did you mean --quiet?\nFix: See: algo config show --help\n',
    ],
    [
      ['config', 'show', 'extra'],
      'Unexpected argument "extra" for algo config show.\nFix: See: algo config show --help\n',
    ],
    [['config', 'show', '--home'], 'Flag --home expects a value\nFix: See: algo config show --help\n'],
  ])('%j is a usage error that names the nearest right one', async (args: string[], message: string) => {
    const { exitCode, stdout, stderr } = await runAlgo(args);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: message });
  });

  test('--json prints errors as one document on stdout', async () => {
    const { exitCode, stdout, stderr } = await runAlgo(['config', 'show', '--json', '--set', 'capital=0']);
    expect(exitCode).toBe(3);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'CONFIG_INVALID',
        message: 'Configuration: --set: capital was 0; allowed: more than 0',
        fix: 'Correct it and run again; configs/default.yaml shows every key.',
        exitCode: 3,
      },
    });
  });

  test('--json prints an unknown command as a document too', async () => {
    const { exitCode, stdout } = await runAlgo(['bakctest', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'USAGE_COMMAND', exitCode: 2 });
  });

  test('--json prints what the text says', async () => {
    const home = emptyHome();
    const [text, json] = await Promise.all([
      runAlgo(['config', 'check'], { home }),
      runAlgo(['config', 'check', '--json'], { home }),
    ]);
    const document = JSON.parse(json.stdout);
    expect(document.valid).toBe(true);
    expect(text.stdout).toBe(`Configuration is valid, hash ${document.hash}.\n`);
  });

  test('the second start with the same files gives the same answer from memory', async () => {
    const home = emptyHome();
    const first = await runAlgo(['config', 'show'], { home });
    const second = await runAlgo(['config', 'show'], { home });
    expect(second).toEqual(first);
    mkdirSync(join(home, 'configs'));
    writeFileSync(join(home, 'configs', 'default.yaml'), 'capital: 250000\n');
    const third = await runAlgo(['config', 'show'], { home });
    expect(third.stdout).toMatch(/^capital +250000 +configs\/default.yaml:1$/m);
  });

  test('a reader that goes away early is no error', () => {
    const script = `"${process.execPath}" "${runJs}" config schema | head -1`;
    const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, ALGO_HOME: emptyHome() },
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{\n', stderr: '' });
  });

  test('a home that is a file is a configuration error', async () => {
    const file = join(emptyHome(), 'occupied');
    writeFileSync(file, '');
    const { exitCode, stderr } = await runAlgo(['config', 'check', '--home', file]);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      `Home folder ${file} cannot be used: ${file} is a file.\nFix: Name another folder with --home or ALGO_HOME.\n`,
    );
  });
});
