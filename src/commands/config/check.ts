import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand } from '../base-command.ts';

interface CheckedConfig {
  readonly valid: true;
  /** sha256 over every setting that decides a result. */
  readonly hash: string;
}

export default class ConfigCheck extends AlgoCommand<CheckedConfig> {
  static override summary = 'reads every configuration file and names all problems';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --profile equity',
  ];

  protected async execute({ config }: OpenContext): Promise<CheckedConfig> {
    const { configHash } = await import('../../config/config-hash.ts');
    return { valid: true, hash: configHash(config) };
  }

  protected text({ hash }: CheckedConfig): string {
    return `Configuration is valid, hash ${hash}.`;
  }
}
