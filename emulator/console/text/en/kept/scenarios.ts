/** Words of the page about scenarios, in English. */
export const scenarios = {
  title: 'Scenarios',
  intro:
    'What you do is recorded step by step and done again with new numbers; a play stops at the step that answers otherwise.',
  all: 'To be played',
  steps: (count: number) => (count === 1 ? '1 step' : `${count} steps`),
  example: 'example',
  play: 'Play',
  playing: (done: number, steps: number) => `Playing: ${done} of ${steps} steps`,
  isPlaying: (name: string) => `Playing ${name}`,
  playedWhole: (name: string, steps: number) => `${name}: all ${steps} steps answered as recorded`,
  stoppedAt: (name: string, step: number, steps: number) =>
    `${name} stopped at step ${step} of ${steps}`,
  expected: 'expected',
  came: 'came',
  result: 'What came of it',
  record: 'Record',
  recordHint:
    'From the start on, each change by the console, curl or the command line is a step; reads, resets and saved worlds are none.',
  start: 'Start recording',
  recording: (name: string, steps: number) =>
    `Recording ${name}: ${steps} ${steps === 1 ? 'step' : 'steps'}`,
  full: 'full: nothing more is taken up',
  stop: 'Stop and keep',
  giveUp: 'Give up',
  importHint: 'A file is checked and kept; it is not played yet.',
  file: 'File of a scenario',
  acts: {
    call: 'Call of a function',
    cashier: 'Cashier',
    clock: 'Time is moved',
    timers: 'Timer is run',
    faults: 'Faults are set',
    orders: 'Order is checked',
    refunds: 'Refund is moved',
    wechatpay: 'At WeChat',
    console: 'Console refund',
    platform: 'Platform changes',
    merchant: 'Merchant changes',
    functions: 'Function restarts',
  } as Record<string, string>,
};
