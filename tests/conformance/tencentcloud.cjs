// Lists and invokes what was deployed, with the unmodified tencentcloud-sdk-nodejs and the variables
// that `exec` sets; prints what came back as JSON.
const { Agent } = require('node:http');
const { createHmac } = require('node:crypto');
const { scf } = require('tencentcloud-sdk-nodejs/tencentcloud/services/scf');
const { tcb } = require('tencentcloud-sdk-nodejs/tencentcloud/services/tcb');

const { port } = new URL(process.env.TENCENTCLOUD_ENDPOINT);
const local = { address: '127.0.0.1', family: 4 };
const agent = new Agent({
  lookup: (_name, options, found) =>
    options.all ? found(null, [local]) : found(null, local.address, local.family),
});
const config = (service) => ({
  credential: {
    secretId: process.env.TENCENTCLOUD_SECRET_ID,
    secretKey: process.env.TENCENTCLOUD_SECRET_KEY,
    token: process.env.TENCENTCLOUD_SESSION_TOKEN,
  },
  region: process.env.TCB_REGION,
  profile: {
    httpProfile: { protocol: 'http://', endpoint: `${service}.tencentcloudapi.com:${port}`, agent },
  },
});
const functions = new scf.v20180416.Client(config('scf'));
const environment = new tcb.v20180608.Client(config('tcb'));
const Namespace = process.env.TCB_ENV_ID;

/** A call signed with WXPAY_SERVICE_KEY, as docs/zh/deploy.md describes it. */
function sign(name, data) {
  const time = Date.now();
  const text = JSON.stringify(data);
  const key = process.env.WXPAY_SERVICE_KEY;
  const appid = process.env.WXPAY_APPID;
  const lines = [name, Namespace, appid, time, text];
  const signature = createHmac('sha256', key).update(lines.join('\n')).digest('hex');
  return { signed: { envId: Namespace, appid, time, data: text, signature } };
}

async function main() {
  const { Functions } = await functions.ListFunctions({ Namespace, Limit: 50 });
  const { EnvList } = await environment.DescribeEnvs({ EnvId: Namespace });
  const order = { outTradeNo: 'SDK0000001', body: '咖啡', totalFee: 1990, openid: 'oPayer' };
  const placed = await functions.InvokeFunction({
    FunctionName: 'unifiedOrder',
    Namespace,
    Event: JSON.stringify(sign('unifiedOrder', order)),
  });
  const asked = await functions.Invoke({
    FunctionName: 'queryOrder',
    Namespace,
    Qualifier: '1',
    ClientContext: JSON.stringify(sign('queryOrder', { outTradeNo: order.outTradeNo })),
  });
  const missing = await functions
    .InvokeFunction({ FunctionName: 'nothing', Namespace, Event: '{}' })
    .catch(({ code }) => code);
  return {
    functions: Functions.map(({ FunctionName, Runtime, Status }) => [
      FunctionName,
      Runtime,
      Status,
    ]),
    environment: EnvList.map(({ EnvId, Status }) => [EnvId, Status]),
    placed: JSON.parse(placed.Result.RetMsg),
    asked: JSON.parse(asked.Result.RetMsg),
    missing,
  };
}

main().then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
