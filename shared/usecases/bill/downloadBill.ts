import type { Refusal, Result } from '../../contract/answer.ts';
import type { DownloadBillAnswer, DownloadBillInput } from '../../contract/bill/downloadBill.ts';
import { refuse } from '../../contract/refusals.ts';
import type { BillQuery } from '../../ports/gateway.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { refusalOf } from '../step/refusalOf.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';

/** What a function may answer inline: the platform's own limit through WeChat is 1 MB. */
const INLINE_BYTES_MAX = 1_000_000;

/** 下载交易账单、资金账单: the file of a finished day, its hash checked, as WeChat wrote it. */
export async function downloadBill(
  input: DownloadBillInput,
  tools: Pick<UseCaseDeps, 'settings' | 'gatewayOf' | 'clock'>,
  call: Invocation,
): Promise<Result<DownloadBillAnswer>> {
  const refused = refuseFixedField(input, tools.settings, call);
  if (refused) return refused;
  const query = queryOf(input);
  const gateway = tools.gatewayOf(tools.settings.merchant.link);
  try {
    const bill = await retryUnchanged(
      (ms) => gateway.downloadBill(query, INLINE_BYTES_MAX, ms),
      tools.clock,
      call,
    );
    if (bill.kind === 'too_large') return refuse('BILL_TOO_LARGE');
    return { data: bill.csv.toString('utf8') };
  } catch (error) {
    return hinted(refusalOf(error, 'same_request'));
  }
}

function queryOf({ billDate, billType, accountType = 'BASIC' }: DownloadBillInput): BillQuery {
  return billType === 'FUNDFLOW' ? { billDate, billType, accountType } : { billDate, billType };
}

/** WeChat's words that leave open what to do. */
const NOT_YET =
  '账单在次日 10:00 后可下载，没有交易的日子没有账单 (a bill is there from 10:00 of the next day; a day without trade has none)';
const VAGUE: readonly string[] = ['NO_STATEMENT_EXIST', 'STATEMENT_CREATING'];

function hinted(refusal: Refusal): Refusal {
  return VAGUE.includes(refusal.refused)
    ? { ...refusal, text: `${NOT_YET}: ${refusal.text}` }
    : refusal;
}
