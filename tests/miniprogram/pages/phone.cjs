/**
 * A phone that runs the compiled example in a process of its own: WeChat's compiler and component model draw the pages
 * (`miniprogram-simulate`), its requests go over the wire. Each message is a thing that its user does; the answer is
 * what the screen shows once nothing is under way.
 */
const { join } = require('node:path');
const { parseHTML } = require('linkedom');

const { ROOT = '', WXMLS = '[]', LOCAL_URL = '' } = process.env;
let address = LOCAL_URL;
const dom = parseHTML('<!doctype html><html><head></head><body></body></html>');
Object.assign(globalThis, { window: dom.window, document: dom.document });
for (const name of ['Element', 'HTMLElement', 'Node', 'Event', 'CustomEvent', 'Text']) {
  globalThis[name] = dom[name];
}
const simulate = require('miniprogram-simulate');
const exparser = require('miniprogram-exparser');

/** Counts what is under way: no screen is looked at before it has ended. */
let underWay = 0;
const stored = new Map();
const stack = [];
const ids = new Map();
let app;
/** Hears of each page that comes. */
let arrived = () => {};
/** Answers of the cashier are lost from now on, as when the app was left for it and never called back. */
let isDeaf = false;

async function request({ url, method = 'GET', header, data, success, fail }) {
  underWay += 1;
  try {
    const body = data === undefined ? undefined : JSON.stringify(data);
    const to = url.replace('http://127.0.0.1:7100', address);
    const response = await fetch(to, { method, headers: header, body });
    const answer = { statusCode: response.status, data: await response.json() };
    if (!isDeaf || !url.includes('/cashier/')) success(answer);
  } catch (error) {
    fail({ errMsg: `request:fail ${error}` });
  } finally {
    underWay -= 1;
  }
}

function show(url) {
  const [path, query] = url.replace(/^\//, '').split('?');
  if (!ids.has(path)) {
    const compilerOptions = { maxBuffer: 1e8, wxmlList: JSON.parse(WXMLS) };
    ids.set(path, simulate.load(join(ROOT, path), 'page', { rootPath: ROOT, compilerOptions }));
  }
  const page = simulate.render(ids.get(path));
  const screen = document.createElement('div');
  document.body.replaceChildren(screen);
  page.attach(screen);
  stack.push({ route: path, page });
  page.instance.onLoad?.(Object.fromEntries(new URLSearchParams(query)));
  page.instance.onShow?.();
  arrived(path);
  return Promise.resolve();
}

Object.assign(globalThis.wx, {
  request: (options) => void request(options),
  // The first of the cashier's choices pays.
  showActionSheet: ({ success }) => success({ tapIndex: 0 }),
  getStorageSync: (key) => structuredClone(stored.get(key) ?? ''),
  setStorageSync: (key, value) => void stored.set(key, structuredClone(value)),
  navigateTo: ({ url }) => show(url),
  redirectTo: ({ url }) => {
    stack.pop();
    return show(url);
  },
  switchTab: ({ url }) => {
    stack.length = 0;
    return show(url);
  },
  stopPullDownRefresh: () => Promise.resolve(),
});
Object.assign(globalThis, {
  getApp: () => app,
  getCurrentPages: () => stack,
  App: (definition) => {
    app = definition;
  },
  Page: ({ data, ...methods }) => globalThis.Component({ data, methods }),
});

/** Finds the innermost element that a predicate holds for. */
function innermost(element, holds) {
  for (const child of element.children) {
    const found = innermost(child, holds);
    if (found) return found;
  }
  return holds(element) ? element : undefined;
}

function tap(element, what) {
  if (!element) throw new Error(`there is nothing to tap: ${what}`);
  const options = { bubbles: true, composed: true, capturePhase: true };
  exparser.Event.dispatchEvent(element.__wxElement, exparser.Event.create('tap', {}, options));
}

const acts = {
  store: (values) => Object.entries(values).forEach(([key, value]) => void stored.set(key, value)),
  open: (url) => show(url),
  deafen: () => {
    isDeaf = true;
  },
  tap: (text) =>
    tap(
      innermost(document.body, (each) => each.textContent.trim() === text),
      text,
    ),
  tapTwice: (text) => {
    acts.tap(text);
    acts.tap(text);
  },
  /** The page comes to the front again. */
  show: () => stack.at(-1).page.instance.onShow(),
  /** The phone has no network. */
  unplug: () => {
    address = 'http://127.0.0.1:1';
  },
  /** One more of what a row is about. */
  more: (name) => {
    const isPlus = (each) => /stepper__plus/.test(each.className);
    const row = innermost(
      document.body,
      (each) => each.textContent.includes(name) && innermost(each, isPlus),
    );
    tap(row && innermost(row, isPlus), name);
  },
  comeBack: () => app.onShow(),
};

async function drawn() {
  for (let quiet = 0; quiet < 5; quiet += 1) {
    await new Promise(setImmediate);
    if (underWay > 0) quiet = 0;
  }
}

function screen() {
  const texts = [];
  const walk = (node) => {
    if (node.nodeType === 3 && node.textContent.trim()) texts.push(node.textContent.trim());
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  const isSource = ({ name }) => name === 'src';
  const images = [...document.querySelectorAll('wx-image')].map(
    (each) => each.__wxElement._vt.attrs.find(isSource)?.value,
  );
  return { route: stack.at(-1)?.route, texts, images };
}

process.on('message', async ([act, value, until]) => {
  try {
    const coming = new Promise((resolve) => {
      arrived = (route) => route === until && resolve();
    });
    void acts[act](value);
    if (until) await coming;
    await drawn();
    process.send({ screen: screen() });
  } catch (error) {
    process.send({ error: String(error.stack) });
  }
});

// The client waits for minutes; its page of the test does not.
process.on('disconnect', () => process.exit());
require(join(ROOT, 'app.js'));
process.send({ screen: screen() });
