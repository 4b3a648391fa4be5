/**
 * Says who may import whom. It cannot tell `import type` from `import`, so no rule
 * leans on that. Tests beside their file may import anything.
 */
const { never, only, roomsOf, test } = require('./infra/lint/layers.cjs');

const core = [
  'crypto',
  'zlib',
  'https?',
  'timers/promises',
  'perf_hooks',
  'buffer',
  'stream',
  'util',
];
/** Our functions; whatever else lies in the folder is the merchant's, and no rule binds it. */
const ours = [
  'unifiedOrder',
  'queryOrder',
  'closeOrder',
  'refund',
  'queryRefund',
  'listAttention',
  'decideOrder',
  'downloadBill',
  'payCallback',
  'refundCallback',
  'closeStaleOrders',
  'deliverEvents',
  'quoteOrder',
  'fulfilOrder',
];
const builtin = `^(${core.join('|')})$`;

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: `^(tests|bench|examples)/|${test}` },
      to: { path: '^(tests|bench|examples)/' },
    },
    ...roomsOf('shared/usecases', {
      step: [],
      order: ['step'],
      refund: ['step', 'order'],
      notice: ['step', 'order', 'refund'],
      placing: ['step', 'order'],
      timer: ['step', 'order', 'refund'],
      bill: ['step'],
      decision: ['step', 'order', 'refund', 'event'],
      event: ['step', 'timer'],
    }),
    ...roomsOf('shared/gateway/apiV3', { crypto: [], keys: ['crypto'], wire: ['crypto'] }),
    ...roomsOf('emulator/cloudbase', {
      wire: ['errors.ts'],
      values: ['errors.ts'],
      indexes: ['values', 'errors.ts'],
      documents: ['indexes', 'values', 'errors.ts'],
      transactions: ['documents', 'indexes', 'values', 'state.ts', 'errors.ts'],
      actions: ['transactions', 'documents', 'values', 'wire', 'state.ts', 'errors.ts'],
    }),
    ...roomsOf('emulator/tencentcloud', {
      wire: ['errors.ts'],
      state: ['errors.ts'],
      scf: ['state', 'wire', 'action.ts', 'options.ts', 'errors.ts'],
      tcb: ['state', 'wire', 'action.ts', 'options.ts', 'errors.ts'],
    }),
    ...roomsOf('emulator/wechatpay', {
      wire: ['errors.ts'],
      keys: ['wire', 'errors.ts'],
      orders: ['wire', 'errors.ts'],
      refunds: ['orders', 'keys', 'wire', 'errors.ts'],
      bills: ['refunds', 'orders', 'wire', 'errors.ts'],
      cloudPay: ['bills', 'refunds', 'orders', 'keys', 'wire', 'errors.ts'],
      notifications: ['cloudPay', 'refunds', 'orders', 'keys', 'wire'],
    }),
    ...roomsOf('emulator/runner', {
      triggers: ['invocation.ts', 'errors.ts'],
      instances: ['invocation.ts', 'errors.ts'],
      invocations: ['instances', 'invocation.ts', 'errors.ts'],
    }),
    only('domain-is-pure', '^shared/domain/(?!order/purchase\\.ts$)', ['^shared/domain/']),
    // Numbers of a purchase follow from it by a hash, which is as pure.
    only('domain-is-pure-but-for-a-hash', '^shared/domain/', ['^shared/domain/'], ['^crypto$']),
    never(
      'an-invocation-knows-no-wiring',
      '^shared/runtime/invocation/',
      '^shared/runtime/wiring/',
    ),
    never(
      'contract-order-stands-below-refund',
      '^shared/contract/order/',
      '^shared/contract/(refund|notice|bill|timer)/',
    ),
    never('domain-order-stands-below-refund', '^shared/domain/order/', '^shared/domain/refund/'),
    only(
      'contract',
      '^shared/contract/',
      ['^shared/contract/', '^shared/domain/', '^node_modules/zod/'],
      // The helper that a merchant's server copies signs with node:crypto.
      ['^crypto$'],
    ),
    only('ports', '^shared/ports/', ['^shared/ports/', '^shared/domain/']),
    only('bill', '^shared/bill/', ['^shared/bill/', '^shared/domain/'], [builtin]),
    only('usecases', '^shared/usecases/', [
      '^shared/usecases/',
      '^shared/domain/',
      '^shared/contract/',
      '^shared/ports/',
      '^shared/bill/',
    ]),
    only(
      'gateway',
      '^shared/gateway/([^/]+)/',
      [
        '^shared/gateway/$1/',
        // What both links share lies directly in the folder (decision 0011).
        '^shared/gateway/[^/]+\\.ts$',
        '^shared/domain/',
        '^shared/ports/',
        '^shared/bill/',
      ],
      [builtin],
    ),
    only(
      'what-both-links-share',
      '^shared/gateway/[^/]+\\.ts$',
      ['^shared/gateway/[^/]+\\.ts$', '^shared/domain/', '^shared/ports/'],
      [builtin],
    ),
    only(
      'store',
      '^shared/store/',
      ['^shared/store/', '^shared/domain/', '^shared/ports/', '^shared/bill/'],
      [builtin, '^node_modules/@cloudbase/'],
    ),
    only(
      'channel',
      '^shared/channel/',
      ['^shared/channel/', '^shared/domain/', '^shared/ports/', '^shared/contract/event/'],
      [builtin, '^(dns/promises|net)$'],
    ),
    // Merchants copy what is built of it: it stands on the signature and the types of the contract alone, and
    // thaws as our own functions do.
    only('merchant-stands-alone', '^shared/merchant/', [
      '^shared/contract/event/',
      '^shared/runtime/idleConnections\\.ts$',
    ]),
    never('the-core-knows-no-merchant', '^shared/(?!merchant/)', '^shared/merchant/'),
    // It is published: it stands alone, and its types are held equal to the contract by a test.
    only('client-stands-alone', '^client/', ['^client/']),
    // Merchants copy it: it stands on the client's package alone.
    only('the-mini-program-stands-alone', '^examples/miniprogram/', [
      '^examples/miniprogram/',
      '^scf-wechatpay-client(/local)?$',
    ]),
    ...roomsOf('examples/miniprogram', { logic: [], platform: ['logic'] }),
    never('nothing-knows-the-client', '^(shared|functions|emulator|infra)/', '^client/'),
    never('runtime-knows-no-function', '^shared/', '^(functions|infra|emulator)/'),
    never(
      'only-wiring-picks-adapters',
      '^shared/(?!runtime/wiring/|gateway|store|channel)',
      '^shared/(gateway|store|channel)/',
    ),
    only('functions-are-glue', '^functions/(?!quoteOrder/|fulfilOrder/)', [
      '^shared/runtime/endpoint\\.ts$',
      '^shared/contract/',
      '^shared/usecases/',
    ]),
    // Whatever else a merchant's own code needs from npm.
    only('samples-stand-on-the-merchants-file', '^functions/(quoteOrder|fulfilOrder)/', [
      '^functions/$1/',
      '^shared/merchant/',
      '^node_modules/',
    ]),
    never(
      'world-stands-alone',
      '^emulator/world/',
      '^(shared|infra|functions|emulator/(?!world/))',
    ),
    never(
      'wechatpay-believes-only-documents',
      '^emulator/wechatpay/',
      '^(shared|infra|functions|emulator/(?!world/|wechatpay/))',
      ['^shared/domain/money\\.ts$', '^shared/gateway/apiV3/crypto/(message|sign|aead)\\.ts$'],
    ),
    never(
      'parts-of-the-emulator-do-not-meet',
      '^emulator/(cloudbase|tencentcloud|runner|httpApi)/',
      '^(shared|infra|functions|emulator/)',
      ['^emulator/world/', '^emulator/$1/'],
    ),
    {
      name: 'only-its-own-command-loads-the-protocol-of-agents',
      severity: 'error',
      from: { pathNot: `^emulator/mcp/|${test}` },
      to: { path: '^emulator/mcp/|^(node_modules/)?@modelcontextprotocol/', dynamic: false },
    },
    // It says why our own verifier refuses, which is asked itself.
    only(
      'the-signature-doctor-asks-our-verifier',
      '^emulator/signature/',
      [
        '^emulator/signature/',
        '^emulator/control/api/',
        '^shared/gateway/(read\\.ts$|apiV3/)',
        '^shared/domain/limits\\.ts$',
      ],
      ['^(crypto|timers/promises)$'],
    ),
    never(
      'control-knows-contracts-only',
      '^emulator/control/',
      '^(shared|infra|functions|emulator/)',
      ['^emulator/(world|control)/', '^shared/contract/'],
    ),
    // Of the console itself emulator/console/host/layers.test.ts holds who imports whom: swc's parser here reads no JSX.
    only(
      'the-host-of-the-console-builds-it',
      '^emulator/console/host/',
      ['^emulator/console/host/', '^emulator/world/'],
      ['^(url|crypto)$', '^node_modules/esbuild/'],
    ),
    never('no-function-reads-timer-expressions', '^(shared|functions)/', '^node_modules/croner/'),
    // What is deployed reaches the local cloud as it reaches any other: through the API.
    never('emulator-knows-no-infra', '^emulator/', '^infra/', ['^infra/(terminal|mask)\\.ts$']),
    only('the-mask-stands-alone', '^infra/mask\\.ts$', []),
    only('the-terminal-stands-alone', '^infra/terminal\\.ts$', [], ['^readline/promises$']),
    ...roomsOf('infra/serverless-tencent', {
      service: [],
      settings: [],
      cloud: ['service'],
      resources: ['cloud', 'service', 'settings'],
      deploy: ['cloud', 'service', 'resources'],
      context: ['cloud', 'service', 'settings', 'resources'],
      components: ['cloud', 'service', 'resources', 'context'],
      doctor: ['cloud', 'service', 'settings', 'resources', 'context'],
      commands: [
        'cloud',
        'service',
        'settings',
        'resources',
        'deploy',
        'context',
        'components',
        'doctor',
      ],
    }),
    ...roomsOf('infra/serverless-tencent/doctor', {
      findings: [],
      facts: ['findings'],
      checks: ['findings', 'facts'],
    }),
    never(
      'only-the-plugin-runs-commands',
      '^infra/(?!serverless-tencent/(commands/|hooks\\.ts$))',
      '^infra/serverless-tencent/commands/',
    ),
    never('build-knows-no-deploy', '^infra/build/', '^infra/(?!build/)'),
    // Documents are generated from the code itself, which no deploy needs.
    never('infra-knows-contracts-only', '^infra/(?!docs/)', '^(shared|functions|emulator)/', [
      '^shared/contract/',
      // The compact form of a key, which a deploy writes and a function reads.
      '^shared/gateway/apiV3/keys/primes\\.ts$',
    ]),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: '^node_modules' },
    exclude: {
      path: `^dist/|/(?:node_modules|miniprogram_npm)/|^emulator/console/(?!host/)|^functions/(?!(?:${ours.join('|')})/)`,
    },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'] },
  },
};
