import type { EffectiveConfig } from '../../app/effective-config.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand } from '../base-command.ts';

export default class ConfigShow extends AlgoCommand<EffectiveConfig> {
  static override summary = 'settings in force and where each comes from';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --profile fno --set risk.maxDailyLossPercent=2',
  ];

  protected async execute(context: OpenContext): Promise<EffectiveConfig> {
    const { effectiveConfig } = await import('../../app/effective-config.ts');
    return effectiveConfig(context);
  }

  protected text({ hash, settings }: EffectiveConfig): string {
    const values = settings.map(({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)));
    const keyWidth = Math.max(...settings.map(({ key }) => key.length));
    const valueWidth = Math.min(40, Math.max(...values.map((value) => value.length)));
    const lines = settings.map(
      ({ key, origin }, row) =>
        `${key.padEnd(keyWidth)}  ${(values[row] ?? '').padEnd(valueWidth)}  ${origin}`,
    );
    return [...lines, '', `hash ${hash}`].join('\n');
  }
}
