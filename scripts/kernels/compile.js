// The AssemblyScript sources of src/motion/wasm enter; the text of the TypeScript file that carries them compiled leaves.
import path from 'node:path';
import asc from 'assemblyscript/asc';

const source = 'src/motion/wasm/index.ts';
const output = 'kernels.wasm';
// Without a runtime nothing is allocated; the memory is the caller's.
const options = [
  ...['--runtime', 'stub', '--noAssert', '-O3', '--converge', '--enable', 'simd'],
  ...['--importMemory', '--initialMemory', '1', '--noExportMemory', '--use', 'abort='],
];

/**
 * @param {string} root the project's folder
 * @returns {Promise<string>} the text of src/motion/shared/kernels-binary.ts
 * @throws {Error} when the sources do not compile, with the compiler's words
 */
export async function compileKernels(root) {
  let binary = new Uint8Array();
  const { error, stderr } = await asc.main([source, ...options, '--outFile', output, '--baseDir', root], {
    writeFile(name, contents) {
      if (path.basename(name) === output && typeof contents !== 'string') binary = contents;
    },
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return [
    '/** Nothing enters; the compiled kernels leave. Written from ../wasm by `npm run kernels`, never by hand. */',
    '',
    '/** A WebAssembly module with SIMD, in base64. */',
    'export const KERNELS_BASE64 =',
    `  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}
