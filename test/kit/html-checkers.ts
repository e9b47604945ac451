/** HTML documents enter; what html-validate and the W3C's checker find in them leaves as sentences. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { HtmlValidate } from 'html-validate/node';
import { z } from 'zod';

export interface Document {
  /** Says where it comes from; letters, digits and `-`. */
  readonly name: string;
  readonly html: string;
  /** As the server sent it, or as the browser has it after the page ran. */
  readonly kind: 'served' | 'rendered';
}

const served = new HtmlValidate({ root: true, extends: ['html-validate:recommended'] });
/** A browser writes attributes and white space its own way; what they mean is checked all the same. */
const rendered = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'doctype-style': 'off',
    'long-title': 'off',
    'no-inline-style': 'off',
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
  },
});

export async function htmlValidateFindings(documents: readonly Document[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name, html, kind } of documents) {
    const report = await (kind === 'served' ? served : rendered).validateString(html, `${name}.html`);
    for (const { messages } of report.results)
      for (const { ruleId, message, line, selector } of messages)
        found.push(`html-validate ${name}:${line} ${ruleId}: ${message} (${selector})`);
  }
  return found;
}

const Report = z.object({
  messages: z.array(
    z.object({
      type: z.string(),
      subType: z.string().optional(),
      url: z.string().optional(),
      message: z.string(),
      extract: z.string().optional(),
    }),
  ),
});

/** One run of the checker for all documents: starting Java takes longer than checking. */
export async function w3cFindings(documents: readonly Document[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-vnu-'));
  try {
    const paths = await Promise.all(
      documents.map(async ({ name, html }) => {
        const path = join(folder, `${name}.html`);
        await writeFile(path, html);
        return path;
      }),
    );
    const jar: unknown = createRequire(import.meta.url)('vnu-jar');
    const { messages } = Report.parse(
      JSON.parse(
        await run('java', ['-jar', String(jar), '--format', 'json', '--exit-zero-always', '--stdout', ...paths]),
      ),
    );
    return messages
      .filter(({ type, subType }) => type === 'error' || type === 'non-document-error' || subType === 'warning')
      .map(
        ({ url = '', message, extract = '' }) =>
          `W3C ${basename(url, '.html')}: ${message} ${extract.replace(/\s+/g, ' ')}`,
      );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}
