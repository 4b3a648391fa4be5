import { listAttention as contract } from '../../shared/contract/decision/listAttention.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { listAttention } from '../../shared/usecases/decision/listAttention.ts';

/** 待处理的事: lists what needs a human, with its age and what is to be done. */
export const main = endpoint(contract, listAttention);
