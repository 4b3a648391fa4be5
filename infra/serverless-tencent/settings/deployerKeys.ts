/** Lists the variables of whoever deploys, beside those of the functions. */
export const DEPLOYER_KEYS: readonly string[] = [
  'TENCENTCLOUD_SECRET_ID',
  'TENCENTCLOUD_SECRET_KEY',
  'TENCENTCLOUD_SESSION_TOKEN',
  'TCB_ENV_ID',
  'TCB_REGION',
];
