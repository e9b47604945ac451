// The lock and node_modules enter; what ships with Vigie leaves: each package with its licence and its texts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

// Packages that name no licence in package.json, read in their LICENSE file.
const readByHand = { '@inlang/plugin-message-format': 'MIT', 'sqlite-wasm-kysely': 'MIT' };

/**
 * @typedef {object} Shipped
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX expression; empty when the package does not say
 * @property {string} source where its source is
 * @property {string} family the name, or for one of several platforms' builds what they share, such as `node-*`
 * @property {boolean} platformBound whether a machine has it or a sibling or neither
 * @property {string[]} texts licence and notice files, in the order of their names; none where it is not installed
 */

/**
 * Every package that running Vigie needs, on any platform, by name and version.
 * @param {string} root the project's folder, with all packages installed
 * @returns {Shipped[]}
 */
export function collectShipped(root) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const bound = platformBoundPlaces(lock.packages);
  const found = new Map();
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '' || entry.dev) continue;
    const name = nameAt(place);
    const platformBound = bound.has(place);
    const folder = path.join(root, place);
    found.set(`${name}@${entry.version}`, {
      name,
      version: entry.version,
      licence: entry.license ?? readByHand[name] ?? '',
      source: `https://www.npmjs.com/package/${name}/v/${entry.version}`,
      family: platformBound
        ? name.replace(
            /-(linux|darwin|win|win32|wasm32|android|freebsd|openharmony|aix|sunos|netbsd|openbsd)(-.*)?$/,
            '-*',
          )
        : name,
      platformBound,
      texts: platformBound && !existsSync(folder) ? [] : textsIn(folder),
    });
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/**
 * The licences of an SPDX expression, of which an OR lets us choose any.
 * @param {string} expression for example `(MIT OR Apache-2.0) AND ISC`
 * @param {Record<string, string>} met the licences whose terms we meet
 * @returns {boolean} whether our terms cover it
 */
export function isCovered(expression, met) {
  const alternatives = expression.replaceAll(/[()]/g, '').split(' OR ');
  return alternatives.some((one) => one.split(' AND ').every((licence) => licence.trim() in met));
}

// The builds for one platform each, and what only these need.
function platformBoundPlaces(packages) {
  const places = Object.keys(packages).filter((place) => place !== '');
  const needs = ({ dependencies, optionalDependencies, peerDependencies }) =>
    Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  const bound = new Set(places.filter((place) => packages[place].os ?? packages[place].cpu));
  let before;
  do {
    before = bound.size;
    for (const place of places.filter((one) => packages[one].optional && !bound.has(one))) {
      const users = Object.keys(packages).filter((user) => needs(packages[user]).includes(nameAt(place)));
      if (users.every((user) => bound.has(user))) bound.add(place);
    }
  } while (bound.size > before);
  return bound;
}

function nameAt(place) {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function textsIn(folder) {
  if (!existsSync(folder)) throw new Error(`${folder} is not installed: run npm ci first`);
  const files = readdirSync(folder).sort();
  const read = (file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  const own = files.filter((file) => /^(licen[sc]e|copying|notice|third-?party)/i.test(file)).map(read);
  return own.length > 0
    ? own
    : files.filter((file) => /^readme/i.test(file)).flatMap((file) => licenceSection(read(file)));
}

// Some packages have their licence only at the end of their README.
function licenceSection(readme) {
  const start = readme.search(/^#+ *licen[sc]e/im);
  return start === -1
    ? []
    : [
        readme
          .slice(start)
          .replace(/^#.*\n+/, '')
          .trim(),
      ];
}

function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
