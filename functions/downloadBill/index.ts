import { downloadBill as contract } from '../../shared/contract/bill/downloadBill.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { downloadBill } from '../../shared/usecases/bill/downloadBill.ts';

/** 下载账单: answers the trade or fund-flow bill of a finished day, its hash checked. */
export const main = endpoint(contract, downloadBill);
