import type { AnswerOf, BodyOf } from '../api/controlApi.ts';
import { describeContracts } from '../contracts/contracts.ts';
import type { ControlDeps, Merchant, WeChatControls } from '../deps.ts';
import { goodsOf } from '../orders/goods.ts';
import { emptyWorld } from '../reset.ts';
import { type Route, route } from '../route.ts';

const LINKS = ['apiV3', 'cloudPay'] as const;

/** Each change gives the functions another configuration of the merchant. */
const MERCHANT_CHANGES: Record<
  BodyOf<'POST /_local/merchant'>['to'],
  (wechat: WeChatControls) => Merchant
> = {
  new_keys: (wechat) => wechat.rotateMerchantKey(wechat.merchant().mchid),
  new_number: (wechat) => wechat.addMerchant('1900000777'),
  back: (wechat) => wechat.merchant(),
  apiV3: (wechat) => wechat.merchant(),
  cloudPay: (wechat) => wechat.merchant(),
};

/** Lists the routes about the world as a whole. */
export function worldRoutes(deps: ControlDeps): Route[] {
  const { wechat, reconfigure } = deps;
  return [
    route('POST /_local/merchant', ({ body: { to } }) => {
      const merchant = MERCHANT_CHANGES[to](wechat);
      const link = LINKS.find((each) => each === to);
      reconfigure(merchant, link);
      return { mchid: merchant.mchid, serialNo: merchant.serialNo };
    }),
    route('POST /_local/reset', async () => ({ ...(await emptyWorld(deps)) })),
    ...insightRoutes(deps),
  ];
}

function insightRoutes(deps: ControlDeps): Route[] {
  const { runner, cloudbase } = deps;
  return [
    route('GET /_local/world', () => worldOf(deps)),
    route('GET /_local/contracts', describeContracts),
    route('GET /_local/shop', () => goodsOf(cloudbase)),
    route('POST /_local/quote', ({ body }) => deps.quote(body)),
    route('GET /_local/instances', () => runner.instances()),
  ];
}

function worldOf(deps: ControlDeps): AnswerOf<'GET /_local/world'> {
  const { runner, wechat, envId, appid, notifyUrl, priceSource } = deps;
  const { mchid, serialNo, publicKeyId, publicKeyPem, platformSerial, platformCertificatePem } =
    wechat.merchant();
  const keys = { serialNo, publicKeyId, publicKeyPem, platformSerial, platformCertificatePem };
  const functions = runner
    .functions()
    .map(({ name, timers, routes }) => ({ name, timers, routes: routes.map((each) => each) }));
  const deploy = deps.deployState();
  return { envId, appid, mchid, notifyUrl, ...keys, functions, deploy, priceSource };
}
