import type { Exception, Word } from './house.ts';

/** Makes a pattern of tokens that hold one of these words: `door`, `aDoor`, `DOOR_MS`, `the_door`. */
function holding(...words: string[]): RegExp {
  const small = words.join('|');
  const large = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('|');
  const loud = small.toUpperCase();
  const end = '(?=$|[A-Z0-9_$])';
  return new RegExp(
    `(?:^|[_$])(?:${small})${end}|(?:^|[a-z0-9_$])(?:${large})${end}|(?:^|_)(?:${loud})(?=$|_)`,
  );
}

/** Words of the first release that were replaced; docs/glossary.md has those that stand now. */
export const WORDS: Word[] = [
  {
    word: 'door',
    tokens: holding('door', 'doors'),
    use: '…Verifier, …Parser or …Handler',
    ours: true,
  },
  { word: 'rumour', tokens: holding('rumour', 'rumours'), use: 'UnsignedNotice', ours: true },
  {
    word: 'settle',
    tokens: holding('settle', 'settles', 'settled', 'settling', 'settlement', 'unsettled'),
    use: 'applyEvidence, and the outcomes paid, paid_after_close, already_paid',
  },
  { word: 'prepaid', tokens: holding('prepaid'), use: 'withPrepay, prepayIssuedAt' },
  { word: 'learnt', tokens: holding('learnt', 'learn', 'learns'), use: 'confirmedBy, confirm' },
  { word: 'owed', tokens: holding('owed', 'owes'), use: 'nextCheck' },
  { word: 'askSoon', tokens: /^askSoon$/, use: 'checkNow' },
  {
    word: 'said, told, heard',
    tokens: holding('said', 'told', 'heard', 'untold', 'unheard', 'unsaid'),
    use: 'the noun itself, as in hasEvent or logOutcome',
  },
  { word: 'wish', tokens: holding('wish', 'wishes', 'wished'), use: 'request or desired' },
  {
    word: 'mend, remedy',
    tokens: holding('mend', 'mends', 'mended', 'mending', 'remedy', 'remedies'),
    use: 'applyAbnormalRefund, AbnormalRefundTarget',
  },
  { word: 'trip, sending', tokens: holding('trip', 'trips', 'sendings'), use: 'attempt' },
  {
    word: 'attend, pursue',
    tokens: holding('attend', 'attends', 'pursue', 'pursues', 'pursued'),
    use: 'processDue, checkRefunds',
  },
  {
    word: 'judge, flaw',
    tokens: holding('judge', 'judged', 'flaw', 'flaws', 'flawed'),
    use: 'verify, rejectReason',
  },
  { word: 'elsewhere', tokens: holding('elsewhere'), use: 'external', english: true },
  {
    word: 'burnt, dead',
    tokens: holding('burnt', 'refund_no_dead'),
    use: 'REFUND_NO_CLOSED, closed',
  },
  {
    word: 'trouble',
    tokens: holding('trouble', 'troubles'),
    use: 'lastErrorCode',
    english: true,
  },
  { word: 'blames, turn', tokens: /^(?:blames|inTurn)$/, use: 'failOver, failoverTarget' },
  {
    word: 'Passage, Needs, Surroundings and the like',
    tokens: /^(?:Whose|Passage|Tools|Needs|Surroundings|Workshop|Ground|Parts|Given)$/,
    use: 'Invocation, …Deps or …Options',
  },
  {
    word: 'lies, twist, nonsense',
    tokens: holding('lies', 'twist', 'twisted', 'twists', 'nonsense'),
    use: 'tampered, mutate, malformedBodies',
  },
  { word: 'strike', tokens: holding('strike', 'strikes', 'struck'), use: 'takeFault' },
  { word: 'Lost', tokens: /^Lost$/, use: 'ConnectionReset' },
  {
    word: 'whyNot, nobody',
    tokens: /^(?:whyNot|nobody)$/,
    use: 'refusalReason, unknownNumber',
    english: true,
  },
  { word: 'Refused', tokens: /^Refused$/, use: 'RefusalError' },
  { word: 'refusalOf', tokens: /^refusal(?:Of|For)$/, use: 'readApiError or refuse' },
  { word: 'Advice', tokens: /^(?:Advice|StoreRetry|CloudRetry)$/, use: 'Retry' },
];

/** Lists where such a word is right: WeChat's own, or another language's. */
export const EXCEPTIONS: Exception[] = [
  {
    paths: /./,
    tokens: /^(?:settlement_?(?:total|refund)|settle_info$)/i,
    why: "WeChat's 结算, as its fields name it",
  },
  {
    paths: /./,
    tokens: /^(?:REFUND_SOURCE_)?UNSETTLED(?:_FUNDS)?$/,
    why: "WeChat's 未结算资金, as its accounts name it",
  },
  { paths: /./, tokens: /^allSettled$/, why: "JavaScript's own" },
  { paths: /^infra\/lint\//, tokens: /./, why: 'the list itself and its tests' },
];
