/** The names that a column has had, the newest first; the first one that a bill has counts. */
export type ColumnNames = Readonly<Record<string, readonly string[]>>;

/** Columns of a trade bill (交易账单), with their names of today, of old files and of service providers. Source: `format-trade`. */
export const TRADE_COLUMNS = {
  tradedAt: ['交易时间'],
  appid: ['公众账号ID'],
  mchid: ['商户号'],
  subMchid: ['特约商户号', '子商户号'],
  transactionId: ['微信订单号'],
  outTradeNo: ['商户订单号'],
  openid: ['用户标识'],
  tradeType: ['交易类型'],
  tradeState: ['交易状态'],
  settlementTotal: ['应结订单金额', '总金额'],
  coupon: ['代金券金额', '代金券或立减优惠金额', '企业红包金额'],
  refundId: ['微信退款单号'],
  outRefundNo: ['商户退款单号'],
  settlementRefund: ['退款金额'],
  couponRefund: ['充值券退款金额', '代金券或立减优惠退款金额', '企业红包退款金额'],
  refundStatus: ['退款状态'],
  fee: ['手续费'],
  rate: ['费率'],
  total: ['订单金额', '总金额'],
  refund: ['申请退款金额', '退款金额'],
} as const satisfies ColumnNames;

/** Columns of a fund-flow bill (资金账单), with their names. Source: `format-fundflow`. */
export const FUND_COLUMNS = {
  bookedAt: ['记账时间'],
  businessNo: ['微信支付业务单号'],
  flowNo: ['资金流水单号'],
  name: ['业务名称'],
  direction: ['收支类型'],
  amount: ['收支金额(元)', '收支金额'],
  balance: ['账户结余(元)', '账户结余'],
  voucher: ['业务凭证号'],
} as const satisfies ColumnNames;

/** Where each column stands in a bill; -1 where the bill has none. */
export type ColumnPlaces<Columns extends ColumnNames> = Record<keyof Columns, number>;

/** Finds the columns of a bill among the names of its first line. */
export function placesOf<Columns extends ColumnNames>(
  columns: Columns,
  header: readonly string[],
): ColumnPlaces<Columns> {
  const places = Object.entries(columns).map(([column, names]) => {
    const name = names.find((each) => header.includes(each));
    return [column, name === undefined ? -1 : header.indexOf(name)];
  });
  return Object.fromEntries(places);
}

/** Prints the name of a column in one way, however a file wrote it: full-width brackets, quotes, spaces. */
export function columnName(written: string): string {
  return written
    .replaceAll('（', '(')
    .replaceAll('）', ')')
    .replaceAll(/["`\uFEFF]|\s/g, '');
}
