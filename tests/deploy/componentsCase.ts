/** A service for the components engine, and the secrets that a merchant's shell sets. */
import { pairs, pemOf } from '../support/doctor/soundFacts.ts';

/** The secrets that no output may hold; the shell sets them, as a merchant does. */
export const secrets = {
  WXPAY_API_V3_KEY: 'c0ffee11'.repeat(4),
  WXPAY_PRIVATE_KEY: pemOf(pairs.merchant.privateKey).trim(),
  OWN: 'a "quoted" one',
};

/** Writes a value of the shell as `serverless.yml` takes it. */
const shell = (key: string) => `\${env:${key}, ''}`;

export const functions = {
  unifiedOrder: { handler: 'functions/unifiedOrder/index.main', timeout: 15 },
  payCallback: { handler: 'functions/payCallback/index.main', memorySize: 128 },
  closeStaleOrders: {
    handler: 'functions/closeStaleOrders/index.main',
    events: [{ timer: { name: 'every-minute', cron: '0 * * * * * *' } }],
  },
  greet: {
    handler: 'functions/greet/index.main',
    environment: { OWN: shell('OWN') },
    events: [{ timer: { name: 'at-noon', cron: '0 0 12 * * * *', enabled: false } }],
  },
};
export const provider = {
  name: 'tencent',
  engine: 'components',
  envId: 'shop-1a2b3c',
  stage: 'live',
  region: 'ap-shanghai',
  runtime: 'Nodejs20.19',
};
export const yml = {
  service: 'shop',
  configValidationMode: 'error',
  functions,
  provider: {
    ...provider,
    environment: {
      WXPAY_API_V3_KEY: shell('WXPAY_API_V3_KEY'),
      WXPAY_PRIVATE_KEY: shell('WXPAY_PRIVATE_KEY'),
    },
  },
};
export const names = Object.keys(functions).sort();
