/** Measures how long a bill takes to typed rows: beside a public parser, and a million rows as a stream. */
import { billReader } from '../../shared/bill/readBill.ts';
import { type TradeRow, tradeBill } from '../../shared/bill/tradeBill.ts';
import { runBench } from '../harness/bench.ts';
import { type Lane, type Race, race, rowsOf } from '../harness/race.ts';

const ROUNDS = Number(process.env.BENCH_BILLS_ROUNDS ?? 30);
/** Rows of the bill that all read; the stream has a million. */
const ROWS = 10_000;
const STREAMED = 1_000_000;
const NEWLINE = 0x0a;

const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n';
const SUMMARY =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n';

/** A row as WeChat prints it, numbered; each tenth is a refund. */
function rowText(i: number): string {
  const number = String(i).padStart(12, '0');
  const time = new Date(Date.UTC(2026, 10, 23) + (i % 86_400) * 1000).toISOString();
  const common = `\`${time.slice(0, 10)} ${time.slice(11, 19)},\`wx81be3101902f7cb2,\`1601959334,\`0,\`,\`4200000925202611${number},\`S20261123${number},\`ofyak5qR_1wYsC99CsWA6R9MJazA,\`JSAPI`;
  return i % 10 === 0
    ? `${common},\`REFUND,\`OTHERS,\`CNY,\`0.00,\`0.00,\`5030080696${number},\`R${number},\`12.30,\`0.00,\`ORIGINAL,\`SUCCESS,\`苹果,一箱,\`,\`-0.07000,\`0.60%,\`0.00,\`12.30,\`\r\n`
    : `${common},\`SUCCESS,\`OTHERS,\`CNY,\`12.30,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`苹果,一箱,\`,\`0.07000,\`0.60%,\`12.30,\`0.00,\`\r\n`;
}

const rows = Buffer.from(Array.from({ length: ROWS }, (_, i) => rowText(i)).join(''));
const file = Buffer.concat([
  Buffer.from(`\uFEFF${HEADER}`),
  rows,
  Buffer.from(`${SUMMARY}\`${ROWS},\`1,\`1,\`0,\`0,\`1,\`1\r\n`),
]);

/** Reads a bill whose rows come `times` times, in chunks as they come from gunzip; counts rows and fen. */
function readOurs(times: number): { rows: number; total: number } {
  let total = 0;
  const reader = billReader(tradeBill, (row: TradeRow) => {
    total += row.total;
  });
  reader.write(Buffer.from(`\uFEFF${HEADER}`));
  for (let i = 0; i < times; i += 1) {
    for (let at = 0; at < rows.length; at += 65_536) reader.write(rows.subarray(at, at + 65_536));
  }
  return { rows: reader.end().rows, total };
}

/** The floor: the lines are found and counted. */
function countLines(): void {
  let count = 0;
  for (let at = file.indexOf(NEWLINE); at >= 0; at = file.indexOf(NEWLINE, at + 1)) count += 1;
  expect(count, ROWS + 3);
}

interface AxiosPlugin {
  Formatter: { castCsvBill(file: Buffer): { rows: Record<string, string>[] } };
}

/** As its README has it: every cell a string of an object. */
async function axiosPlugin(): Promise<() => void> {
  const name = 'wechatpay-axios-plugin';
  const { Formatter } = ((await import(name)) as { default: AxiosPlugin }).default;
  return () => expect(Formatter.castCsvBill(file).rows.length, ROWS);
}

function expect(found: number, expected: number): void {
  if (found !== expected) throw new Error(`${found} in place of ${expected}`);
}

function readMillion(): { ms: number; mb: number } {
  const begun = process.cpuUsage();
  expect(readOurs(STREAMED / ROWS).rows, STREAMED);
  const { user, system } = process.cpuUsage(begun);
  return {
    ms: Math.round((user + system) / 1000),
    mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

async function main(): Promise<void> {
  const contestants = {
    'lines found': countLines,
    'ours, typed': () => expect(readOurs(1).rows, ROWS),
    'wechatpay-axios-plugin': await axiosPlugin(),
  };
  await runBench('bills', (bench) => {
    const lanes = Object.entries(contestants).map(
      ([name, run]): Lane => ({ name, run, turns: bench.series(ROUNDS) }),
    );
    const reading: Race = { task: `${ROWS} rows`, count: 1, lanes };
    const stream = bench.series<{ ms: number; mb: number }>(5);
    return {
      measure: async () => {
        for (let i = 0; i < 5; i += 1) await stream.take(async () => readMillion());
        await race(bench, reading, { rounds: ROUNDS, isOver: bench.share(1) });
      },
      rows: () => [
        ...rowsOf(reading),
        ...stream.values.map(({ ms, mb }) => ({
          task: `${STREAMED} rows, streamed`,
          contestant: 'ours, typed',
          'CPU ms': ms,
          'peak of the process, MB': mb,
        })),
      ],
    };
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
