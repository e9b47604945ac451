// The running Node enters; which C library this machine has leaves.

let family;
/** @returns {'glibc' | 'musl' | undefined} undefined outside Linux */
export function libcFamily() {
  if (process.platform !== 'linux') return undefined;
  process.report.excludeNetwork = true; // else Node looks up the names of every open connection
  family ??= process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  return family;
}
