// The import graph enters; what crosses the borders between runtimes and between features leaves as an error.
import { readdirSync } from 'node:fs';

const testFiles = '\\.test\\.tsx?$';
const inBrowser = ['^src/[^/]+/shared/', '^src/[^/]+/browser/', '^src/[^/]+/worker/', '^src/pages/'];
const onServer = ['^src/[^/]+/server/', '^src/server/', '^src/ports/'];
const adapters = ['sqlite', 'postgres', 'memory', 'redis', 'disk', 's3'].map((name) => `^src/ports/[^/]+/${name}`);
// better-auth has a client for the browser.
const serverPackages = [
  ...['fastify', '@fastify', 'fastify-type-provider-zod', 'ws', 'kysely', 'pg', 'nodemailer'],
  ...['multicast-dns', '@peculiar', 'reflect-metadata'],
].map((name) => `node_modules/${name}/`);

// On the server a step may call the one that it builds on, in this direction only.
const buildsOn = {
  alerts: ['events', 'mail'],
  events: ['cameras'],
  live: ['cameras'],
  recordings: ['cameras', 'events'],
};
const features = readdirSync('src').filter((name) => !['messages', 'pages', 'ports', 'server'].includes(name));

/** A feature sees another through its shared/; pages/, server/ and the camera's one worker compose features. */
function meetsInShared(feature) {
  const others = features.filter((name) => name !== feature);
  const below = buildsOn[feature] ?? [];
  return {
    name: `${feature}-meets-others-in-shared`,
    severity: 'error',
    comment: 'Move what both need into shared/, hand it over in the composition, or (a type) import it as a type.',
    from: { path: ['shared', 'browser', 'server'].map((part) => `^src/${feature}/${part}/`), pathNot: testFiles },
    to: {
      path: others.map((name) => `^src/${name}/`),
      pathNot: ['^src/[^/]+/shared/', ...below.map((name) => `^src/${name}/server/`)],
      dependencyTypesNot: ['type-only'],
    },
  };
}

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or need a third.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      comment: 'What the running product imports is in "dependencies".',
      from: { path: '^src', pathNot: [testFiles, '/contract\\.ts$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-node-in-the-browser',
      severity: 'error',
      from: { path: inBrowser, pathNot: testFiles },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-server-package-in-the-browser',
      severity: 'error',
      from: { path: inBrowser, pathNot: testFiles },
      to: { path: serverPackages },
    },
    {
      name: 'no-server-code-in-the-browser',
      severity: 'error',
      from: { path: inBrowser, pathNot: testFiles },
      to: { path: onServer },
    },
    {
      name: 'shared-imports-shared',
      severity: 'error',
      from: { path: '^src/[^/]+/shared/', pathNot: testFiles },
      to: { path: '^src/', pathNot: '^src/[^/]+/shared/' },
    },
    {
      name: 'workers-without-dom',
      severity: 'error',
      from: { path: '^src/[^/]+/worker/', pathNot: testFiles },
      to: { path: '^src/', pathNot: '^src/[^/]+/(worker|shared)/' },
    },
    {
      name: 'no-browser-code-on-the-server',
      severity: 'error',
      from: { path: onServer, pathNot: testFiles },
      to: { path: ['^src/[^/]+/browser/', '^src/[^/]+/worker/', '^src/pages/'] },
    },
    ...features.map(meetsInShared),
    {
      name: 'features-take-http-words-only-from-server',
      severity: 'error',
      comment: 'A feature may use what src/server offers, not how it composes.',
      from: { path: '^src/', pathNot: ['^src/server/', testFiles] },
      to: { path: ['^src/server/main\\.ts$', '^src/server/compose-'] },
    },
    {
      name: 'adapters-are-chosen-in-compose',
      severity: 'error',
      comment: 'Only the composition knows concrete adapters; everyone else knows the port.',
      from: { path: '^src/', pathNot: ['^src/server/compose-', '^src/ports/', testFiles] },
      to: { path: adapters },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '^src/messages/generated'] },
    exclude: { path: '^(dist|coverage|\\.cache)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
