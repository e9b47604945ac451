// The import graph enters; what crosses the borders between runtimes and between features leaves as an error.
const testFiles = '\\.test\\.tsx?$';
const inBrowser = ['^src/[^/]+/shared/', '^src/[^/]+/browser/', '^src/[^/]+/worker/', '^src/pages/'];
const onServer = ['^src/[^/]+/server/', '^src/server/', '^src/ports/'];
const adapters = ['sqlite', 'postgres', 'memory', 'redis', 'disk', 's3'].map((name) => `^src/ports/[^/]+/${name}`);
// better-auth has a client for the browser.
const serverPackages = [
  ...['fastify', '@fastify', 'fastify-type-provider-zod', 'ws', 'kysely', 'pg', 'nodemailer'],
  ...['multicast-dns', '@peculiar', 'reflect-metadata'],
].map((name) => `node_modules/${name}/`);

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
    {
      name: 'features-meet-in-shared',
      severity: 'error',
      comment:
        'Only pages/ and server/ compose features, and one worker the steps of a frame; a feature sees another ' +
        'through its shared/, or names a type of what the composition hands to it.',
      from: { path: '^src/([^/]+)/', pathNot: ['^src/(pages|server)/', '^src/[^/]+/worker/', testFiles] },
      to: {
        path: '^src/[^/]+/',
        pathNot: ['^src/$1/', '^src/[^/]+/shared/', '^src/(ports|messages|server)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
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
