import type { Refusal, Result } from '../../contract/answer.ts';
import type { DownloadBillAnswer, DownloadBillInput } from '../../contract/bill/downloadBill.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Bill, BillQuery } from '../../ports/gateway.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';

/** The most bytes that a function may answer inline: the platform's own limit through WeChat is 1 MB. */
const INLINE_BYTES_MAX = 1_000_000;

/** The most bytes of a bill that is answered compressed: what an instance of 256 MB holds at ease. */
const COMPRESSED_CSV_BYTES_MAX = 16_000_000;

/** 下载交易账单、资金账单: answers the file of a finished day as WeChat wrote it, its hash checked. */
export async function downloadBill(
  input: DownloadBillInput,
  deps: Pick<UseCaseDeps, 'settings' | 'gatewayOf' | 'clock'>,
  invocation: Invocation,
): Promise<Result<DownloadBillAnswer>> {
  const refused = refuseFixedField(input, deps.settings, invocation);
  if (refused) return refused;
  const query = queryOf(input);
  const gateway = deps.gatewayOf(deps.settings.merchant.link);
  try {
    const bytesMax = query.tarType === 'GZIP' ? COMPRESSED_CSV_BYTES_MAX : INLINE_BYTES_MAX;
    const args: [BillQuery, number] = [query, bytesMax];
    return answerOf(await retryUnchanged(gateway.downloadBill, args, deps, invocation));
  } catch (error) {
    const refusal = foreseenRefusal(error, 'same_request');
    if (refusal) return withHint(refusal);
    throw error;
  }
}

function queryOf(input: DownloadBillInput): BillQuery {
  const { billDate, billType, accountType = 'BASIC', tarType } = input;
  const archive = tarType === undefined ? {} : { tarType };
  return billType === 'FUNDFLOW'
    ? { billDate, billType, accountType, ...archive }
    : { billDate, billType, ...archive };
}

function answerOf(bill: Bill): Result<DownloadBillAnswer> {
  if (bill.kind === 'bill') return { data: bill.csv.toString('utf8') };
  const data = bill.kind === 'gzip' ? bill.file.toString('base64') : undefined;
  if (data === undefined || data.length > INLINE_BYTES_MAX) return refuse('BILL_TOO_LARGE');
  return { data, tarType: 'GZIP' };
}

/** The hint that is added to codes of WeChat's which leave open what to do. */
const NOT_YET =
  '账单在次日 10:00 后可下载，没有交易的日子没有账单 (a bill is there from 10:00 of the next day; a day without trade has none)';
const VAGUE: readonly string[] = ['NO_STATEMENT_EXIST', 'STATEMENT_CREATING'];

function withHint(refusal: Refusal): Refusal {
  return VAGUE.includes(refusal.refused)
    ? { ...refusal, text: `${NOT_YET}: ${refusal.text}` }
    : refusal;
}
