// The import graph enters; what crosses the borders between runtimes and between features leaves as an error.
const testFiles = '\\.test\\.tsx?$';
const serverPackages =
  '^(fastify|@fastify/|fastify-|ws$|ws/|kysely|pg$|pg/|better-auth(?!/client)|nodemailer|multicast-dns|@peculiar/|qrcode/lib/server)';

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
      from: { pathNot: '^vite(st)?\\.config' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      comment: 'What the running product imports is in "dependencies".',
      from: { path: '^src', pathNot: [testFiles, '^src/ports/.*contract\\.ts$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-node-in-the-browser',
      severity: 'error',
      from: { path: '^src/([^/]+/(shared|browser|worker)|pages)/', pathNot: testFiles },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-server-package-in-the-browser',
      severity: 'error',
      from: { path: '^src/([^/]+/(shared|browser|worker)|pages)/', pathNot: testFiles },
      to: { path: serverPackages.replace('^(', '(^|node_modules/)(') },
    },
    {
      name: 'no-server-code-in-the-browser',
      severity: 'error',
      from: { path: '^src/([^/]+/(shared|browser|worker)|pages)/', pathNot: testFiles },
      to: { path: '^src/([^/]+/)?(server|ports)/' },
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
      from: { path: '^src/([^/]+/)?(server|ports)/', pathNot: testFiles },
      to: { path: '^src/([^/]+/(browser|worker)|pages)/' },
    },
    {
      name: 'features-meet-in-shared',
      severity: 'error',
      comment: 'Only pages/ and server/ compose features; a feature sees another through its shared/.',
      from: { path: '^src/([^/]+)/', pathNot: ['^src/(pages|server)/', '^src/[^/]+/worker/', testFiles] },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/shared/', '^src/(ports|messages|server)/'] },
    },
    {
      name: 'features-take-http-words-only-from-server',
      severity: 'error',
      comment: 'A feature may use what src/server offers, not how it composes.',
      from: { path: '^src/', pathNot: ['^src/server/', testFiles] },
      to: { path: '^src/server/(main|compose-[^/]*)\\.ts$' },
    },
    {
      name: 'adapters-are-chosen-in-compose',
      severity: 'error',
      comment: 'Only the composition knows concrete adapters; everyone else knows the port.',
      from: { path: '^src/', pathNot: ['^src/server/compose-[^/]*\\.ts$', '^src/ports/', testFiles] },
      to: { path: '^src/ports/[^/]+/(adapters/|(sqlite|postgres|memory|redis|disk|s3)[^/]*(/|\\.ts$))' },
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
