// Preloaded into every process of a command: writes each address it connects to, and each name it looks
// up, to the file in TRACE_CONNECTIONS.
const { appendFileSync } = require('node:fs');
const dns = require('node:dns');
const net = require('node:net');

const file = process.env.TRACE_CONNECTIONS;
const note = (line) => appendFileSync(file, `${line}\n`);

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function traced(...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const options =
    typeof first === 'object' && first !== null ? first : { port: first, host: args[1] };
  if (!options.path && options.port !== undefined && !options.lookup) {
    note(`connect ${options.host ?? 'localhost'}`);
  }
  this.once('connect', () => note(`connected ${this.remoteAddress}`));
  return connect.apply(this, args);
};
const lookup = dns.lookup;
dns.lookup = (name, ...rest) => {
  note(`lookup ${name}`);
  return lookup(name, ...rest);
};
