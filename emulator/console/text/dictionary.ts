import { createContext, useContext } from 'react';
import { FunctionRefusal } from '../client/functions.ts';
import { inOneLanguage, type Language } from '../client/oneLanguage.ts';
import { act as englishAct } from './en/act.ts';
import { api as englishApi } from './en/api.ts';
import { faults as englishFaults } from './en/faults.ts';
import { functions as englishFunctions } from './en/functions.ts';
import { house as englishHouse } from './en/house.ts';
import { files as englishFiles } from './en/kept/files.ts';
import { scenarios as englishScenarios } from './en/kept/scenarios.ts';
import { worlds as englishWorlds } from './en/kept/worlds.ts';
import { order as englishOrder } from './en/order.ts';
import { orders as englishOrders } from './en/orders.ts';
import { phone as englishPhone } from './en/phone.ts';
import { signature as englishSignature } from './en/signature.ts';
import { time as englishTime } from './en/time.ts';
import { timeline as englishTimeline } from './en/timeline.ts';
import { beijing } from './forms.ts';
import { act as chineseAct } from './zh/act.ts';
import { api as chineseApi } from './zh/api.ts';
import { faults as chineseFaults } from './zh/faults.ts';
import { functions as chineseFunctions } from './zh/functions.ts';
import { house as chineseHouse } from './zh/house.ts';
import { files as chineseFiles } from './zh/kept/files.ts';
import { scenarios as chineseScenarios } from './zh/kept/scenarios.ts';
import { worlds as chineseWorlds } from './zh/kept/worlds.ts';
import { order as chineseOrder } from './zh/order.ts';
import { orders as chineseOrders } from './zh/orders.ts';
import { phone as chinesePhone } from './zh/phone.ts';
import { signature as chineseSignature } from './zh/signature.ts';
import { time as chineseTime } from './zh/time.ts';
import { timeline as chineseTimeline } from './zh/timeline.ts';

/** Every word of the console in one language. Both are complete, or the types do not agree. */
export interface Dictionary {
  language: Language;
  act: typeof englishAct;
  api: typeof englishApi;
  functions: typeof englishFunctions;
  faults: typeof englishFaults;
  house: typeof englishHouse;
  orders: typeof englishOrders;
  order: typeof englishOrder;
  phone: typeof englishPhone;
  signature: typeof englishSignature;
  time: typeof englishTime;
  timeline: typeof englishTimeline;
  worlds: typeof englishWorlds;
  scenarios: typeof englishScenarios;
  files: typeof englishFiles;
}

/** The console's words, by language. */
export const dictionaries: Record<Language, Dictionary> = {
  zh: {
    language: 'zh',
    act: chineseAct,
    api: chineseApi,
    functions: chineseFunctions,
    faults: chineseFaults,
    house: chineseHouse,
    orders: chineseOrders,
    order: chineseOrder,
    phone: chinesePhone,
    signature: chineseSignature,
    time: chineseTime,
    timeline: chineseTimeline,
    worlds: chineseWorlds,
    scenarios: chineseScenarios,
    files: chineseFiles,
  },
  en: {
    language: 'en',
    act: englishAct,
    api: englishApi,
    functions: englishFunctions,
    faults: englishFaults,
    house: englishHouse,
    orders: englishOrders,
    order: englishOrder,
    phone: englishPhone,
    signature: englishSignature,
    time: englishTime,
    timeline: englishTimeline,
    worlds: englishWorlds,
    scenarios: englishScenarios,
    files: englishFiles,
  },
};

/** Gives the words to everything below. */
export const DictionaryContext = createContext<Dictionary>(dictionaries.zh);

/** Uses the words of the language that is switched on. */
export function useText(): Dictionary {
  return useContext(DictionaryContext);
}

/** Says what went wrong in one language; where its words name a time of the answer, that time stands there. */
export function messageOf(error: unknown, { language }: Dictionary): string {
  const message = inOneLanguage(error instanceof Error ? error.message : String(error), language);
  if (!(error instanceof FunctionRefusal)) return message;
  const { answer } = error;
  return message.replace(/\b[a-z]+At\b/g, (name) =>
    typeof answer[name] === 'string' ? beijing(answer[name]) : name,
  );
}
