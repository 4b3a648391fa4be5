import type { Facts } from '../../facts/facts.ts';
import { settingsOf } from '../../facts/settings.ts';
import { type Finding, unknown } from '../../findings/finding.ts';

/** Names the platform's rules that depend on what is sold, which nothing here can see. */
export function checkRules(facts: Facts): Finding[] {
  if (settingsOf(facts).length === 0) return [];
  return [
    unknown(
      'rules.virtual_goods',
      '出售虚拟商品须用微信虚拟支付，不是本项目 (virtual goods must be paid by another product, wx.requestVirtualPayment, not by this one)',
      '卖会员、道具、课程等，见公众平台「虚拟支付」；实物与线下服务不受影响 (for memberships, items, courses see the mini-program console; goods and services on site are not concerned)',
    ),
    unknown(
      'rules.shipping',
      '交易类小程序须报告发货，否则资金暂不结算 (mini programs that trade must report shipping, or funds stay frozen)',
      '公众平台「发货信息管理」，见 docs/zh/deploy.md「小程序与商户平台」(see the mini-program console, and docs/en/deploy.md)',
    ),
  ];
}
