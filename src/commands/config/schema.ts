import { AlgoCommand } from '../base-command.ts';

export default class ConfigSchema extends AlgoCommand<object> {
  static override summary = 'JSON schema of the configuration, for editors';
  static override examples = ['<%= config.bin %> <%= command.id %> > algo.schema.json'];

  protected async execute(): Promise<object> {
    const { configJsonSchema } = await import('../../config/json-schema.ts');
    return configJsonSchema();
  }

  protected text(schema: object): string {
    return JSON.stringify(schema, null, 2);
  }
}
