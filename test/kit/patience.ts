/** vitest's waits enter; they leave with patience for a loaded machine where a test names none: their own is 1 s. */
import { vi } from 'vitest';

/** As `expect.poll` has it in vitest.config.ts. */
const PATIENCE_MILLIS = 30_000;

const { waitFor, waitUntil } = vi;
vi.waitFor = (check, options) => waitFor(check, patient(options));
vi.waitUntil = (check, options) => waitUntil(check, patient(options));

function patient(options?: number | { timeout?: number; interval?: number }) {
  return typeof options === 'number' ? options : { timeout: PATIENCE_MILLIS, ...options };
}
