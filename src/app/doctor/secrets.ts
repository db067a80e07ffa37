import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { istText } from '../../domain/time.ts';
import type { DoctorCheck } from '../../reports/doctor-text.ts';
import type { Context } from '../context.ts';
import { secretsFolder } from '../kite-accounts.ts';
import { profileList } from '../profile.ts';
import { fail, guarded, pass, warn } from './check.ts';

/** Tokens and passwords under `<home>/secrets` are for their owner alone: the folder 0700, each file 0600 and no link. */
export function secretsCheck({ folders }: Pick<Context, 'folders'>): DoctorCheck {
  const name = 'secrets';
  const folder = secretsFolder({ folders });
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (!there) return pass(name, 'None are stored.');
  if (!there.isDirectory()) return fail(name, `${folder} is not a folder.`, 'Move it away.');
  if (process.platform === 'win32') return pass(name, `${folder}: rights are not looked at on Windows.`);
  const problems: string[] = [];
  const repairs: string[] = [];
  const look = (path: string, mode: number, allowed: number, uid: number) => {
    if ((mode & 0o777 & ~allowed) !== 0) {
      problems.push(`${path} is ${modeText(mode)}`);
      repairs.push(`chmod ${allowed.toString(8)} ${path}`);
    }
    if (uid !== process.getuid?.()) {
      problems.push(`${path} belongs to user ${uid}`);
      repairs.push(`chown $(id -u) ${path}`);
    }
  };
  look(folder, there.mode, 0o700, there.uid);
  const files = readdirSync(folder);
  for (const file of files) {
    const path = join(folder, file);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) {
      problems.push(`${path} is a link`);
      repairs.push(`rm ${path}`);
    } else look(path, stat.mode, stat.isDirectory() ? 0o700 : 0o600, stat.uid);
  }
  if (problems.length > 0) {
    return fail(name, `Others can reach them: ${problems.join('; ')}.`, `Run: ${repairs.join(' && ')}`);
  }
  return pass(
    name,
    `${folder} and its ${files.length} file${files.length === 1 ? '' : 's'} are yours alone.`,
  );
}

function modeText(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

/** Every account opens as far as it does without a passphrase, and whether its session holds. Asks neither a person nor the broker. */
export function accountChecks(context: Context): Promise<readonly DoctorCheck[]> {
  return guarded('accounts', async () => {
    const { accounts } = await profileList(context);
    if (accounts.length === 0) return [pass('accounts', 'No Kite account is set up.')];
    return accounts.map(({ name, userId, encrypted, sandbox, session, expiry }) => {
      const who = `${userId}, ${sandbox ? 'in the sandbox' : encrypted ? 'secret encrypted' : 'secret plain'}`;
      const check = `account ${name}`;
      switch (session) {
        case 'open':
          return pass(
            check,
            `${who}; logged in${expiry === null ? '' : ` until ${istText(Date.parse(expiry))}`}.`,
          );
        case 'over':
          return warn(check, `${who}; the session ran out.`, `Run: algo login --account ${name}`);
        case 'none':
          return pass(check, `${who}; not logged in.`);
        case 'unknown':
          return pass(check, `${who}; its session is not looked into without the passphrase.`);
        default:
          return session satisfies never;
      }
    });
  });
}
