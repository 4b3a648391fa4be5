import type { AnswerOf, BodyOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import type { Sheet } from './purchase.ts';

type CashierAnswer = AnswerOf<'POST /_local/cashier/{prepayId}'>;

/** How a scene ended for the mini program: the answer that it got, or none because it was gone. */
export interface SceneEnd {
  answer?: CashierAnswer;
  /** The answer to a second tap on the same sheet. */
  second?: CashierAnswer;
}

const CANCELLED: CashierAnswer = { errMsg: 'requestPayment:fail cancel' };

function act(
  { prepayId }: Sheet,
  body: BodyOf<'POST /_local/cashier/{prepayId}'>,
): Promise<CashierAnswer> {
  return ask('POST /_local/cashier/{prepayId}', { path: { prepayId }, body });
}

const pay = (sheet: Sheet) => act(sheet, { action: 'pay' });
const failing =
  (outcome: NonNullable<BodyOf<'POST /_local/cashier/{prepayId}'>['outcome']>) =>
  async (sheet: Sheet): Promise<SceneEnd> => ({
    answer: await act(sheet, { action: 'fail', outcome }),
  });

export type SceneName =
  | 'pay'
  | 'cancel'
  | 'balance'
  | 'lostAnswer'
  | 'killedAfter'
  | 'killedBefore'
  | 'twice'
  | 'lastSecond'
  | 'parameter'
  | 'situation'
  | 'banned';

/** Plays what may happen between an open sheet and the mini program's next line of code. */
export const SCENES: Record<SceneName, (sheet: Sheet) => Promise<SceneEnd>> = {
  pay: async (sheet) => ({ answer: await pay(sheet) }),
  cancel: async (sheet) => ({ answer: await act(sheet, { action: 'cancel' }) }),
  balance: failing('balance'),
  lostAnswer: async (sheet) => {
    const { errMsg, ...refused } = await pay(sheet);
    // WeChat has the money; the phone, offline by now, reports what it reports of a closed sheet.
    return { answer: errMsg === 'requestPayment:ok' ? CANCELLED : { errMsg, ...refused } };
  },
  killedAfter: async (sheet) => {
    await pay(sheet);
    return {};
  },
  killedBefore: async () => ({}),
  twice: async (sheet) => {
    const answer = await pay(sheet);
    return { answer, second: await pay(sheet) };
  },
  lastSecond: async (sheet) => {
    const endMs = Date.parse(sheet.expiresAt ?? '');
    const at = new Date(endMs - 1000).toISOString();
    return { answer: await act(sheet, { action: 'pay', at }) };
  },
  parameter: failing('parameter'),
  situation: failing('situation'),
  banned: failing('banned'),
};

export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];
