// What ships enters; the notices' text leaves, each licence text once with the packages that are under it.

/**
 * @param {import('./collect.js').Shipped[]} shipped
 * @param {Record<string, string>} met how the terms of each licence are met
 * @returns {string} Markdown, which reads as plain text as well
 */
export function writeNotices(shipped, met) {
  const terms = Object.entries(met).map(([licence, how]) => `- ${licence}: ${how}`);
  const packages = shipped.map(({ name, version, licence, source }) => `- ${name} ${version} · ${licence} · ${source}`);
  return [
    '# Third-party notices',
    'Vigie itself is under the MIT licence (file LICENSE). It ships with the packages below, unchanged.',
    'Written by `npm run notices`.',
    '## How the terms are met',
    terms.join('\n'),
    '## Packages',
    packages.join('\n'),
    '## Texts',
    ...texts(shipped),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function texts(shipped) {
  const owners = new Map();
  for (const { family, version, texts: own } of shipped) {
    for (const text of own) owners.set(text, [...(owners.get(text) ?? []), `${family} ${version}`]);
  }
  return [...owners].map(([text, names]) => `### ${names.join(', ')}\n\n${fenced(text)}`);
}

function fenced(text) {
  const fence = text.includes('```') ? '~~~~' : '```';
  return `${fence}text\n${text}\n${fence}`;
}
