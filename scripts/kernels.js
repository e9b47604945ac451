// The AssemblyScript sources of src/motion/wasm enter; src/motion/shared/kernels-binary.ts leaves, to be committed.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernels } from './kernels/compile.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const text = await compileKernels(root);
writeFileSync(path.join(root, 'src/motion/shared/kernels-binary.ts'), text);
console.log(`${text.length} characters`);
