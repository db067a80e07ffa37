import { isAlgoError, messageOf } from '../../domain/errors.ts';
import type { DoctorCheck } from '../../reports/doctor-text.ts';

export function pass(name: string, found: string): DoctorCheck {
  return { name, state: 'pass', found, advice: null };
}

export function warn(name: string, found: string, advice: string): DoctorCheck {
  return { name, state: 'warn', found, advice };
}

export function fail(name: string, found: string, advice: string): DoctorCheck {
  return { name, state: 'fail', found, advice };
}

/** Runs checks; one that throws has failed, with the error's own words. */
export async function guarded(
  name: string,
  checks: () => readonly DoctorCheck[] | Promise<readonly DoctorCheck[]>,
): Promise<readonly DoctorCheck[]> {
  try {
    return await checks();
  } catch (error) {
    const fix = isAlgoError(error) ? error.fix : undefined;
    return [fail(name, messageOf(error), fix ?? 'Please report this with the command you ran.')];
  }
}

/** `1.2 GB`, `340 MB`, `12 kB`. */
export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}
