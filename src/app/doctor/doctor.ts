import { loadRulebook } from '../../config/rulebook.ts';
import { defaultConfig } from '../../config/schema.ts';
import { istDayNumber } from '../../domain/time.ts';
import type { DoctorCheck, DoctorPage } from '../../reports/doctor-text.ts';
import { effectiveConfig } from '../effective-config.ts';
import type { OpenContext } from '../open-context.ts';
import { listStrategies } from '../strategies.ts';
import { fail, guarded, pass, warn } from './check.ts';
import { clockCheck, diskCheck, environmentCheck, homeCheck, nodeCheck } from './machine.ts';
import { ruleChecks } from './rules.ts';
import { accountChecks, secretsCheck } from './secrets.ts';
import { storeChecks } from './store.ts';

/**
 * Looks at everything a run depends on and says of each whether it is well and, if not, what to do. Changes nothing. `fault` is why the
 * configuration could not be read; the other checks then go by the built-in settings.
 */
export async function doctor(context: OpenContext, fault?: unknown): Promise<DoctorPage> {
  const { folders, config, clock } = context;
  const today = istDayNumber(clock.now());
  const defaults = new Map(
    effectiveConfig({ config: defaultConfig(), origins: new Map() }).settings.map(({ key, value }) => [
      key,
      JSON.stringify(value),
    ]),
  );
  const settings = effectiveConfig(context).settings.map((setting) => ({
    ...setting,
    usual: defaults.get(setting.key) === JSON.stringify(setting.value),
  }));
  const groups = [
    await guarded('node', () => [nodeCheck(process.version)]),
    await guarded('home', () => [homeCheck(context)]),
    await guarded('disk', () => [diskCheck(context)]),
    await guarded('clock', async () => [await clockCheck(context)]),
    await guarded('environment', () => [environmentCheck(process.env)]),
    await guarded('configuration', () => {
      if (fault !== undefined) throw fault;
      return [pass('configuration', `Valid, mode ${config.mode}, ${settings.length} settings.`)];
    }),
    fault === undefined
      ? []
      : [warn('settings', 'Every line here goes by the built-in settings.', correctFirst)],
    await guarded('rules', async () => {
      const rulebook = loadRulebook(folders.root, folders.home);
      const store = await storeChecks(context, rulebook.calendar, today);
      return [...(await ruleChecks(rulebook, today)), ...store];
    }),
    await guarded('strategies', () => strategyChecks(context)),
    await guarded('secrets', () => [secretsCheck(context)]),
    await accountChecks(context),
  ];
  const checks = groups.flat();
  return { healthy: checks.every(({ state }) => state !== 'fail'), checks, settings };
}

const correctFirst = 'Correct the configuration, then run: algo doctor';

async function strategyChecks(context: OpenContext): Promise<readonly DoctorCheck[]> {
  const { strategies, broken } = await listStrategies(context);
  const loaded =
    strategies.length > 0
      ? pass('strategies', `${strategies.length} load: ${strategies.map(({ name }) => name).join(', ')}.`)
      : warn('strategies', 'There is none.', 'Write one with: algo strategies new my_idea');
  return [
    loaded,
    ...broken.map(({ name, path, message }) =>
      fail(`strategy ${name}`, message, `Correct ${path}, then run: algo strategies check ${name}`),
    ),
  ];
}
