/** Receives events until it is stopped: node examples/server/receive.mjs PORT FOLDER */
import { createServer } from 'node:http';
import { eventsListener } from './events.mjs';
import { openLedger } from './ledger.mjs';
import { shopOf } from './shop.mjs';

const { WXPAY_EVENTS_KEY: keys } = process.env;
const [port = '8080', folder = 'shop'] = process.argv.slice(2);
if (!keys) throw new Error('WXPAY_EVENTS_KEY 未设置 (is not set)');

const take = shopOf(openLedger(folder), {
  fulfil: async (number, { body, paidFee, totalFee }) => {
    console.log(`${number}: ${body}, ${paidFee ?? totalFee} fen`);
  },
});
const server = createServer(eventsListener({ keys, take }));
server.listen(Number(port), () => console.log(`http://127.0.0.1:${server.address().port}/`));
process.once('SIGTERM', () => server.close()).once('SIGINT', () => server.close());
