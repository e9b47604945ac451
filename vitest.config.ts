// Test files enter, sorted into projects that run one after the other where they use a clock, a browser or a port.
import { defineConfig } from 'vitest/config';

const second = 1000;

export default defineConfig({
  cacheDir: '.cache/vitest',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    setupFiles: ['test/kit/patience.ts'],
    expect: { poll: { timeout: 30 * second } },
    coverage: { provider: 'v8', include: ['src/**'], exclude: ['src/messages/**'], reportsDirectory: 'coverage' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'test/tree/**/*.test.ts'],
          // Far above what any takes alone: only what hangs may fail by time, not what shares a small machine.
          testTimeout: 60 * second,
          hookTimeout: 120 * second,
        },
      },
      ...['e2e', 'fault', 'quality', 'scale', 'load'].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          fileParallelism: false,
          testTimeout: 180 * second,
          hookTimeout: 120 * second,
        },
      })),
    ],
  },
});
