import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { httpDate } from '../../adapters/system/http-date.ts';
import { messageOf } from '../../domain/errors.ts';
import { nearest } from '../../domain/nearest.ts';
import type { DoctorCheck } from '../../reports/doctor-text.ts';
import type { Context } from '../context.ts';
import { secretVariables } from '../secret-variables.ts';
import { bytesText, fail, pass, warn } from './check.ts';

/** package.json's `engines`, as numbers. */
const oldestNode = { major: 20, minor: 19 };
/** Node 20 had its last security fix in April 2026. */
const supportedMajor = 22;
const clockTimeoutMs = 2_000;
/** A Date header is right to the second; beyond a minute, one-time passwords and session checks fail. */
const clockWarnMs = 2_000;
const clockFailMs = 60_000;
/** A minute-bar year of 500 shares is about 560 MB of history and four times that of cache. */
const diskWarnBytes = 2e9;
const diskFailBytes = 100e6;

export function nodeCheck(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major < oldestNode.major || (major === oldestNode.major && minor < oldestNode.minor)) {
    return fail('node', `Node ${version} is older than 20.19.`, 'Install Node 24.');
  }
  return major < supportedMajor
    ? warn('node', `Node ${version} works and gets no security fixes any more.`, 'Install Node 24.')
    : pass('node', `Node ${version}.`);
}

export function diskCheck({ folders }: Pick<Context, 'folders'>): DoctorCheck {
  const place = nearestExisting(folders.data);
  const { bavail, bsize } = statfsSync(place);
  return freeSpaceCheck(bavail * bsize, place);
}

export function freeSpaceCheck(free: number, place: string): DoctorCheck {
  const found = `${bytesText(free)} free at ${place}.`;
  const advice = 'Make room, or move the history with data.history; data/cache may be deleted at any time.';
  if (free < diskFailBytes) return fail('disk', found, advice);
  return free < diskWarnBytes ? warn('disk', found, advice) : pass('disk', found);
}

export function homeCheck({ folders }: Pick<Context, 'folders'>): DoctorCheck {
  const probe = join(folders.data, `.doctor-${process.pid}`);
  try {
    mkdirSync(folders.data, { recursive: true });
    writeFileSync(probe, 'algo');
    rmSync(probe);
    return pass('home', `${folders.home} can be written to.`);
  } catch (error) {
    rmSync(probe, { force: true });
    const why = messageOf(error);
    return fail(
      'home',
      `${folders.data} cannot be written to: ${why}`,
      'Change its rights, or name another with --home.',
    );
  }
}

export async function clockCheck({ config }: Pick<Context, 'config'>): Promise<DoctorCheck> {
  const { clockUrl } = config.doctor;
  if (clockUrl === 'none') return pass('clock', 'Not compared: doctor.clockUrl is not configured.');
  try {
    const { theirs, ours } = await httpDate(clockUrl, clockTimeoutMs);
    return clockDifferenceCheck(ours - theirs, new URL(clockUrl).host);
  } catch (error) {
    const why = messageOf(error);
    return pass('clock', `Not compared: ${clockUrl} cannot be reached (${why}).`);
  }
}

export function clockDifferenceCheck(aheadMs: number, host: string): DoctorCheck {
  const apart = Math.abs(aheadMs);
  const found = `${(apart / 1_000).toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} ${host}.`;
  if (apart <= clockWarnMs) return pass('clock', found);
  const advice = 'Switch on time synchronisation, such as systemd-timesyncd or chrony.';
  return apart <= clockFailMs ? warn('clock', found, advice) : fail('clock', found, advice);
}

/** Variables that algo reads besides the settings, which begin with ALGO__. */
const knownVariables = [
  'ALGO_HOME',
  'ALGO_ENV',
  ...secretVariables,
  ...secretVariables.map((name) => `${name}_FILE`),
];

/** Variables that look as if they were meant for algo. A wrong ALGO__ one is a configuration error of its own. */
export function environmentCheck(env: Readonly<Record<string, string | undefined>>): DoctorCheck {
  const ours = Object.keys(env).filter((name) => /^ALGO_/i.test(name));
  const settings = ours.filter((name) => name.startsWith('ALGO__'));
  const strange = ours.filter((name) => !name.startsWith('ALGO__') && !knownVariables.includes(name)).sort();
  if (strange.length === 0) {
    return pass(
      'environment',
      `${settings.length} settings from ALGO__ variables; no unknown ALGO_ variable.`,
    );
  }
  const hints = strange.map((name) => {
    const guess = nearest(name, knownVariables);
    return guess ? `${name} (did you mean ${guess}?)` : name;
  });
  return warn(
    'environment',
    `Not read: ${hints.join(', ')}.`,
    'Settings have two underscores: ALGO__RISK__MAX_DAILY_LOSS_PERCENT=2.',
  );
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
