// Serverless Framework loads plugins by `require`; this one is TypeScript.
require('tsx/cjs');
const { createProvider } = require('./plugin.ts');

module.exports = createProvider({
  hooks: () => {
    const { hooksFor } = require('./hooks.ts');
    return { hooksFor };
  },
  open: () => require('./context/open.ts'),
});
