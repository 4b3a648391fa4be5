// Serverless Framework loads plugins by `require`; this one is TypeScript.
require('tsx/cjs');
module.exports = require('./plugin.ts').default;
