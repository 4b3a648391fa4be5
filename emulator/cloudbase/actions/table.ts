import type { Action } from './action.ts';
import { addCollection } from './addCollection.ts';
import { cloudCall, payCall } from './cloudCall.ts';
import { invokeFunction } from './invokeFunction.ts';
import { aggregateDocuments, calculateDocument, getDocument } from './read.ts';
import { abortTransaction, commitTransaction, startTransaction } from './transaction.ts';
import { insertDocument, modifyAndReturnDoc, modifyDocument, removeDocument } from './write.ts';

/** Every action of `POST /admin`, under the name it has on the wire. */
export const actions: ReadonlyMap<string, Action> = new Map(
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
