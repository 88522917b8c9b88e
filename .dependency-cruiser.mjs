// What may import what (the table of ARCHITECTURE's rules). Each rule has a tree under scripts/checks/gates/fixtures/imports that breaks it.
const tests = '\\.test\\.ts$|^services/[^/]+/test/|^libs/[^/]+/test/|^e2e/';
const production = { path: '^(libs|services)/', pathNot: tests };

/** A library and the other libraries that it may import. */
const library = (name, ...mayImport) => ({
  name: `libs-${name}-order`,
  comment: `libs/${name} may import ${mayImport.map((other) => `libs/${other}`).join(', ') || 'no other library'}.`,
  severity: 'error',
  from: { path: `^libs/${name}/`, pathNot: tests },
  to: { path: '^libs/', pathNot: `^libs/(${[name, ...mayImport].join('|')})/` },
});

/** A folder of a service and what of its own service and of the libraries it may import. */
const folder = (name, { own, libs }) => ({
  name: `services-${name}`,
  comment: `${name}/ may import ${own.map((other) => `${other}/`).join(', ')} of its own service and ${libs.map((other) => `libs/${other}`).join(', ')}.`,
  severity: 'error',
  from: { path: `^services/([^/]+)/src/${name}/`, pathNot: tests },
  to: {
    path: '^(services|libs)/',
    pathNot: [`^services/$1/src/(${[name, ...own].join('|')})/`, `^libs/(${libs.join('|')})/`],
  },
});

/** The rooms of libs/outbox: what a room knows of the others. */
const outboxRooms = Object.entries({
  subscriptions: [],
  records: ['subscriptions'],
  'dead-letters': ['subscriptions', 'records'],
  inbox: ['subscriptions', 'records', 'dead-letters'],
  projection: ['subscriptions', 'records', 'dead-letters'],
  outbox: ['subscriptions'],
  run: ['subscriptions', 'records', 'dead-letters', 'inbox', 'projection'],
}).map(([room, knows]) => ({
  name: `outbox-room-${room}`,
  comment: `libs/outbox/src/${room}/ knows ${knows.map((other) => `${other}/`).join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: `^libs/outbox/src/${room}/`, pathNot: tests },
  to: { path: '^libs/outbox/src/', pathNot: `^libs/outbox/src/(${[room, ...knows].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-service-imports-another',
      comment: 'Services learn about each other through events or HTTP.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'libraries-know-no-service',
      comment: 'Libraries serve every service, so they know none; scripts and tests of the whole are nobody’s library.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(services|e2e|scripts)/' },
    },
    {
      name: 'nobody-imports-scripts',
      comment: 'What a service needs to run is in libs/, not among the tools.',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: '^(e2e|scripts)/' },
    },
    {
      name: 'no-cycles',
      comment: 'A circle has no beginning to read from, a circle of types no more than another.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      comment: 'An import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    library('units'),
    library('events', 'units'),
    library('postgres', 'units'),
    library('kafka', 'events'),
    library('loop'),
    library('tracing'),
    library('idempotency', 'postgres'),
    library('outbox', 'events', 'postgres', 'kafka', 'units', 'loop', 'tracing', 'idempotency'),
    library('service', 'units', 'loop', 'tracing'),
    library('smpp'),
    library('testing'),
    {
      name: 'units-have-no-dependencies',
      comment: 'libs/units is pure; of Node it uses the arithmetic of node:crypto.',
      severity: 'error',
      from: { path: '^libs/units/', pathNot: tests },
      to: { dependencyTypesNot: ['local'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'no-paths-into-another-package',
      comment: 'Another package is imported by its name, so through what it exports.',
      severity: 'error',
      from: { path: '^((?:libs|services|scripts)/[^/]+|e2e|bench|deploy/test)/' },
      to: {
        path: '^(libs|services|scripts/[^/]+|e2e|bench|deploy/test)/',
        pathNot: '^$1/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'only-libs-kafka-knows-kafkajs',
      comment: 'The client can be replaced, and its traps are handled, in one place.',
      severity: 'error',
      from: { path: '^(libs|services|scripts)/', pathNot: '^libs/kafka/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'only-libs-outbox-publishes',
      comment: 'Who cannot publish cannot write to the database and to Kafka apart.',
      severity: 'error',
      from: { path: '^(libs|services|scripts)/', pathNot: '^libs/(kafka|outbox)/' },
      to: { path: '^libs/kafka/src/produce\\.ts$' },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ decides on plain data: its own folder, libs/units, and of libs/events.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/domain/', pathNot: tests },
      to: { pathNot: ['^services/$1/src/domain/', '^libs/(units|events)/'] },
    },
    {
      name: 'types-of-events-only',
      comment: 'Of libs/events domain/ and store/ need the types, not the codec.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/(domain|store)/', pathNot: tests },
      to: { path: '^libs/events/', dependencyTypesNot: ['type-only'] },
    },
    ...outboxRooms,
    folder('store', { own: ['domain'], libs: ['postgres', 'units', 'events'] }),
    folder('flows', { own: ['domain', 'store', 'csv'], libs: ['outbox', 'postgres', 'units', 'events', 'tracing'] }),
    {
      name: 'doors-do-not-open-into-each-other',
      comment: 'http/ and subscriptions/ are two ways in; what both need is a flow.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/(http|subscriptions)/', pathNot: tests },
      to: { path: '^services/$1/src/(http|subscriptions|main\\.ts|config\\.ts)', pathNot: '^services/$1/src/$2/' },
    },
    {
      name: 'nobody-imports-main',
      comment: 'main.ts runs a service; what is worth importing is not in it.',
      severity: 'error',
      from: {},
      to: { path: '^services/[^/]+/src/main\\.ts$' },
    },
    {
      name: 'only-tests-import-testing',
      comment: 'libs/testing waits and asserts; the system does neither.',
      severity: 'error',
      from: { ...production, pathNot: `${tests}|^libs/testing/` },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'links-and-templates-know-no-store',
      comment: 'The notifier’s smpp/ and templates/ work on what they are given.',
      severity: 'error',
      from: { path: '^services/notifier/src/(smpp|templates)/', pathNot: tests },
      to: {
        path: '^services/[^/]+/src/(store|dispatch|plan|receipts|http|subscriptions)/|^libs/(postgres|outbox|kafka)/',
      },
    },
    {
      name: 'smpp-stays-at-the-link',
      comment: 'PDUs are known to the notifier’s link, to its templates, which count parts, and to the simulator.',
      severity: 'error',
      from: {
        path: '^(libs|services)/',
        pathNot: `^services/(notifier/src/(smpp|templates)|sms-simulator)/|^libs/smpp/|${tests}`,
      },
      to: { path: '^libs/smpp/' },
    },
    {
      name: 'smpp-imports-nothing',
      comment: 'libs/smpp is the protocol and nothing else.',
      severity: 'error',
      from: { path: '^libs/smpp/src/', pathNot: tests },
      to: { dependencyTypesNot: ['local'], pathNot: '^(node:)?(buffer|crypto)$' },
    },
    {
      name: 'the-independent-check-is-independent',
      comment: 'What proves our work must not use it.',
      severity: 'error',
      from: { path: '^e2e/independent/' },
      to: { path: '^(libs|services|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
    exclude: { path: '(^|/)dist/|^scripts/checks/gates/fixtures/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['bijli-source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
