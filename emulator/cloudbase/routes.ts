import type { Action } from './actions/action.ts';
import { addCollection } from './actions/addCollection.ts';
import { cloudCall, payCall } from './actions/cloudCall.ts';
import { invokeFunction } from './actions/invokeFunction.ts';
import { aggregateDocuments, calculateDocument, getDocument } from './actions/read.ts';
import { abortTransaction, commitTransaction, startTransaction } from './actions/transaction.ts';
import {
  insertDocument,
  modifyAndReturnDoc,
  modifyDocument,
  removeDocument,
} from './actions/write.ts';

/** Every action of `POST /admin`, under the name it has on the wire. */
export const ROUTES: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    'database.addCollection': addCollection,
    'database.insertDocument': insertDocument,
    'database.getDocument': getDocument,
    'database.calculateDocument': calculateDocument,
    'database.modifyDocument': modifyDocument,
    'database.modifyAndReturnDoc': modifyAndReturnDoc,
    'database.removeDocument': removeDocument,
    'database.aggregateDocuments': aggregateDocuments,
    'database.startTransaction': startTransaction,
    'database.commitTransaction': commitTransaction,
    'database.abortTransaction': abortTransaction,
    'functions.invokeFunction': invokeFunction,
    'wx.wxPayApi': payCall,
    'wx.openApi': cloudCall,
    'wx.api': cloudCall,
  }),
);
