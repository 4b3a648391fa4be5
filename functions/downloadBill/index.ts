import { downloadBill as contract } from '../../shared/contract/bill/downloadBill.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { downloadBill } from '../../shared/usecases/bill/downloadBill.ts';

/** 下载交易账单: the trade bill of a finished day, its hash checked. */
export const main = endpoint(contract, downloadBill);
