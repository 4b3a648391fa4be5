import type { EnvironmentKey } from '../../shared/contract/environment.ts';
import type { Service } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { CASHIER_OUTCOMES } from './api/cashier.ts';
import type { AnswerOf, BodyOf } from './api/controlApi.ts';
import type { Finding } from './api/deployed/functions.ts';
import type { Diagnosis, SignatureQuestion } from './api/signature.ts';

/** The outcome of an invocation. */
export interface Outcome {
  requestId: string;
  durationMs: number;
  log: string[];
  result?: unknown;
  error?: { code: string; message: string };
}

/** An invoker starts a function. */
export type Invoker =
  | { kind: 'client'; openid: string; source: string }
  | { kind: 'function'; chain: string; openid?: string }
  | { kind: 'other'; source: string; openid?: string };

/** These switches say how the platform behaves where sources differ. */
export interface PlatformSwitches {
  devtoolsTimers: boolean;
  devtoolsTrigger: 'tcb' | 'timer';
  bothTimers: boolean;
  callbackTokens: boolean;
  serverApiTokens: boolean;
  emptyVariables: boolean;
  afterAnswer: 'frozen' | 'ended' | 'running';
  deadConnections: 'closed' | 'reset';
  startedCalls: 'go_on' | 'lost';
  httpApiSource: 'none' | 'web_client' | 'scf';
  httpApiBody: '6MB' | '100KB';
}

/** These switches say how WeChat Pay behaves where sources differ. */
export interface WeChatSwitches {
  timeExpire: 'moved' | 'refused';
  answerProbes: boolean;
  clockAheadMs: number;
}

/** The runner of functions. */
export interface RunnerControls {
  invoke(name: string, event: unknown, invoker: Invoker): Promise<Outcome>;
  fireTimer(name: string): Promise<Outcome[]>;
  functions(): {
    name: string;
    timers: { name: string; cron: string }[];
    routes: { path: string }[];
  }[];
  nextTimer(): { name: string; trigger: string; atMs: number } | undefined;
  skipTimersTo(ms: number): void;
  /** Ends what runs, its process with it; settles when it is gone. */
  endRunning(): Promise<void>;
  /** Ends what waits for work too. */
  endInstances(): Promise<void>;
  tokens: {
    switches(change: Partial<PlatformSwitches>): PlatformSwitches;
  };
  instances(): { name: string; pid: number; busy: boolean; invocations: number }[];
  /** Ends the instances of a function; its next call is a cold start. */
  restart(name: string): Promise<void>;
}

/** A merchant's facts; opaque here but for its number. */
export interface Merchant {
  mchid: string;
  serialNo: string;
  publicKeyId: string;
  publicKeyPem: string;
  platformSerial: string;
  platformCertificatePem: string;
}

/** WeChat Pay refuses with one of its codes and a message. */
export interface WeChatRefusal {
  refused: string;
  message: string;
}

/** Who stands before the sheet, and by what it fails where that is not the payer's doing. */
export interface Payer {
  openid?: string;
  outcome?: (typeof CASHIER_OUTCOMES)[number];
}

/** The simulated WeChat Pay. */
export interface WeChatControls {
  cashier(
    prepayId: string,
    action: 'pay' | 'fail' | 'cancel',
    payer?: Payer,
  ): AnswerOf<'POST /_local/cashier/{prepayId}'>;
  truth(outTradeNo: string): object | undefined;
  refundTruth(outRefundNo: string): object | undefined;
  steerRefund(outRefundNo: string, to: 'SUCCESS' | 'CLOSED' | 'ABNORMAL'): object | WeChatRefusal;
  consoleRefund(outTradeNo: string, refundFee: number): object | WeChatRefusal;
  steerOrder(
    outTradeNo: string,
    move: BodyOf<'POST /_local/wechatpay/orders/{outTradeNo}'>,
  ): object | WeChatRefusal;
  repeatNotification(outTradeNo: string): Promise<object | WeChatRefusal>;
  repeatRefundNotification(outRefundNo: string): Promise<object | WeChatRefusal>;
  switchPlatform(to: 'new_certificate' | 'old_certificate' | 'public_key_only' | 'both'): object;
  switches(change: Partial<WeChatSwitches>): WeChatSwitches;
  notices(): readonly object[];
  merchant(mchid?: string): Merchant;
  merchants(): readonly Merchant[];
  addMerchant(mchid: string): Merchant;
  rotateMerchantKey(mchid: string): Merchant;
}

/** The local CloudBase. */
export interface DatabaseControls {
  collections(): readonly { name: string }[];
  documents(collection: string, limit?: number): unknown[];
}

/** A function as it was deployed. */
export interface DeployedCode {
  name: string;
  status: string;
  version: string;
  code: string;
  codeBytes: number;
  /** Left out, as its environment is, where it cannot be run. */
  bundleBytes?: number;
  environment?: Readonly<Record<string, string>>;
  /** The file in the project that it is built from. */
  source?: string;
  runtime: string;
  memoryMb: number;
  timeoutMs: number;
  modifiedMs: number;
}

/** How far the deploy is that a start of the local cloud makes. */
export interface DeployState {
  state: 'none' | 'running' | 'done' | 'failed';
  /** So many of what it changes stand; both are 0 while it builds and looks. */
  done: number;
  total: number;
  /** The end of what a deploy wrote that failed. */
  reason?: string;
}

/** Which of WeChat's keys the functions trust. */
export type Trust = 'publicKey' | 'certificates';

/** The control API controls all this, as it sees it; main.ts hands it the real parts. */
export interface ControlDeps {
  world: World;
  /** A reset of the world resets these. */
  services: readonly Service[];
  runner: RunnerControls;
  wechat: WeChatControls;
  cloudbase: DatabaseControls;
  url: string;
  envId: string;
  appid: string;
  notifyUrl: string;
  serviceKey: string;
  /** WXPAY_PRICE_SOURCE as the functions have it. */
  priceSource: 'quote' | 'client' | 'service';
  /** Asks the merchant's function what something costs. */
  quote(question: BodyOf<'POST /_local/quote'>): Promise<AnswerOf<'POST /_local/quote'>>;
  deployState(): DeployState;
  /** Lists what is deployed. */
  deployed(): DeployedCode[];
  /** Tells whether a function can read the key that a value should hold. */
  isReadableKey(key: EnvironmentKey, value: string): boolean;
  /** Runs `serverless doctor run` against this cloud; rejects, with its words, where it does not run. */
  doctor(): Promise<Finding[]>;
  /** Hides every secret of the functions in a text. */
  mask(text: string): string;
  /** Says for which cause a notification is not taken. */
  diagnose(question: SignatureQuestion): Promise<Diagnosis>;
  /** Gives the functions another merchant's keys, and WeChat's public key. */
  reconfigure(merchant: Merchant, link?: 'apiV3' | 'cloudPay'): void;
  /** Changes which of WeChat's keys the functions trust: its public key, or certificates that they download. */
  trusts(to?: Trust): Trust;
  /** Names the merchant that they have, and the link where one was given. */
  configured(): { mchid: string; link?: 'apiV3' | 'cloudPay' };
  /** Tells that the keys may be of another cloud than the functions were deployed with. */
  keysCame(): void;
  /** The folders of saved worlds and of scenarios; made when they are needed. */
  worldsFolder: string;
  scenariosFolder: string;
}
