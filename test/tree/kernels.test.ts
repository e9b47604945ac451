// Holds the committed kernels against their AssemblyScript sources.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compileKernels } from '../../scripts/kernels/compile.js';

const project = path.join(import.meta.dirname, '../..');

test('the compiled kernels are those of the sources in src/motion/wasm', async () => {
  const committed = readFileSync(path.join(project, 'src/motion/shared/kernels-binary.ts'), 'utf8');
  const fresh = await compileKernels(project);
  expect(committed === fresh, 'npm run kernels makes it anew').toBe(true);
});
