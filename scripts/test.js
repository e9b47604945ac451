// A prepared tree enters; every check and every test runs, and the last line leaves the count: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const only = parseArgs({ options: { only: { type: 'string' } } }).values.only?.split(',');

const checks = [
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'format', command: ['biome', 'ci', '--reporter=summary'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'imports', command: ['depcruise', 'src', '--output-type', 'err'] },
  { name: 'unused', command: ['knip', '--no-progress'] },
];
// One after the other: what measures time or plays a film in a browser wants the machine for itself.
const projects = ['unit', 'fault', 'scale', 'e2e', 'quality'];

const count = { passed: 0, failed: 0 };
const failures = [];
const skipped = [];
for (const { name, command } of wanted('check') ? checks : []) {
  console.log(`\n── ${name}: ${command.join(' ')}`);
  const ok = run(command) === 0;
  count[ok ? 'passed' : 'failed'] += 1;
  if (!ok) failures.push(name);
}
const reports = mkdtempSync(path.join(tmpdir(), 'vigie-test-'));
try {
  for (const project of projects.filter(wanted)) testProject(project);
} finally {
  rmSync(reports, { recursive: true, force: true });
}

for (const test of skipped) console.log(`skipped: ${test}`);
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 ? 0 : 1;

function wanted(name) {
  return !only || only.includes(name);
}

function testProject(project) {
  console.log(`\n── tests: ${project}`);
  const file = path.join(reports, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const status = run(['vitest', 'run', '--project', project, ...reporters]);
  const report = readReport(file);
  count.passed += report.numPassedTests;
  // A file that could not be loaded, an error outside any test, or no test at all has no failed test to count.
  const ok = status === 0 && report.numPassedTests > 0;
  count.failed += report.numFailedTests || (ok ? 0 : 1);
  for (const test of report.testResults.flatMap((result) => result.assertionResults)) {
    if (test.status === 'failed') failures.push(`${project}: ${test.fullName}`);
    else if (test.status !== 'passed') skipped.push(`${project}: ${test.fullName}`);
  }
  if (!ok && report.numFailedTests === 0)
    failures.push(`${project}: vitest ended with ${status}, ${report.numPassedTests} tests passed`);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  }
}

function run([program, ...args]) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', shell: windows });
  if (error) console.error(`${program}: ${error.message}`);
  return status ?? 1;
}
