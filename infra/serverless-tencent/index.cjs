// Serverless Framework loads plugins by `require`; this one is TypeScript.
require('tsx/cjs');
module.exports = require('./plugin.ts').createProvider({
  hooks: () => require('./hooks.ts'),
  open: () => require('./context/open.ts'),
});
