import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../support/project-root.ts';

test('only the gate makes an ApprovedOrder', () => {
  const files = readdirSync(join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const makers = files.filter((file) =>
    /\bas\s+(unknown\s+as\s+)?ApprovedOrder\b|<ApprovedOrder>/.test(
      readFileSync(join(projectRoot, 'src', file), 'utf8'),
    ),
  );
  expect(makers.map((file) => file.replaceAll('\\', '/'))).toEqual(['engine/risk/gate.ts']);
});
