/**
 * The script of the worker that all tabs share: a browser opens six connections to one place, and a stream a tab
 * would leave none for anything else.
 */
import { createStreamHub } from './streamHub.ts';

const ports = new Set<MessagePort>();
const hub = createStreamHub((word) => {
  for (const port of ports) port.postMessage(word);
});

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  // Before it is one of the tabs: it gets none of what was twice.
  const past = hub.past();
  ports.add(port);
  // A tab says when it goes; one that comes is told all that was.
  port.addEventListener('message', () => ports.delete(port));
  port.start();
  for (const word of past) port.postMessage(word);
});
