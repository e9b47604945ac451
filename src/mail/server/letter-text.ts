/** A letter enters; its plain text leaves, and its HTML: no script, nothing fetched, readable on light and dark. */
import { m } from '../../messages/generated/messages.js';
import type { Letter } from './letter.ts';

/** Content-ID of the photo inside a message, without its angle brackets. */
export const PHOTO_CID = 'photo@vigie';

/** Plain text, lines end in LF. */
export function plainText(letter: Letter): string {
  const parts = [
    letter.title,
    ...(letter.code === undefined ? [] : [letter.code]),
    ...letter.paragraphs,
    ...(letter.action === undefined ? [] : [actionText(letter.locale, letter.action)]),
    ...letter.notes,
  ];
  return `${parts.join('\n\n')}\n`;
}

function actionText(locale: Letter['locale'], { label, url }: NonNullable<Letter['action']>): string {
  return `${m.mail_action({ label }, { locale })}\n${url}`;
}

const STYLE = [
  'body{margin:0;padding:24px 16px;background:#f4f4f2;color:#1c1d1f;font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}',
  'main{max-width:600px;margin:0 auto}',
  'h1{font-size:20px;line-height:1.3;margin:0 0 12px}',
  'p{margin:0 0 16px}',
  'img{display:block;width:100%;height:auto;border-radius:12px;margin:0 0 16px}',
  '.code{font-size:36px;font-weight:700;letter-spacing:6px;font-variant-numeric:tabular-nums}',
  '.action{display:inline-block;padding:12px 24px;border-radius:12px;background:#ffb020;color:#1c1d1f;font-weight:600;text-decoration:none}',
  '.note{font-size:14px;color:#5b5d60}',
  '@media (prefers-color-scheme:dark){body{background:#131416;color:#f1f1ef}.note{color:#a9abae}}',
].join('\n');

/** A whole HTML document. */
export function html(letter: Letter): string {
  const { action, code, photo } = letter;
  const body = [
    `<h1>${escape(letter.title)}</h1>`,
    ...(code === undefined ? [] : [`<p class="code">${escape(code)}</p>`]),
    ...letter.paragraphs.map((text) => `<p>${escape(text)}</p>`),
    ...(photo === undefined ? [] : [`<img src="cid:${PHOTO_CID}" alt="${escape(photo.description)}">`]),
    ...(action === undefined
      ? []
      : [`<p><a class="action" href="${escape(action.url)}">${escape(action.label)}</a></p>`]),
    ...letter.notes.map((text) => `<p class="note">${escape(text)}</p>`),
  ];
  return [
    '<!DOCTYPE html>',
    `<html lang="${letter.locale}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    `<title>${escape(letter.subject)}</title>`,
    `<style>\n${STYLE}\n</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
