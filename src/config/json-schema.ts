import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The configuration as JSON Schema: what may be written into a YAML file, with units and reasons as descriptions. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-07' });
}
