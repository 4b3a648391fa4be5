import { relative } from 'node:path';
import { buildFunctions, buildMerchantFile } from './build/build.ts';
import { buildClient } from './build/client.ts';
import { DEV_TOOLS_FOLDER, writeDevToolsFolder } from './devTools.ts';

const built = await buildFunctions(process.cwd());
await writeDevToolsFolder(process.cwd(), built);
for (const { name, code } of built) {
  process.stdout.write(`${name.padEnd(18)} ${(code.length / 1000).toFixed(1).padStart(7)} kB\n`);
}
process.stdout.write(`${DEV_TOOLS_FOLDER}: 供微信开发者工具上传 (for WeChat DevTools)\n`);
const merchantFile = await buildMerchantFile(process.cwd());
process.stdout.write(
  `${relative(process.cwd(), merchantFile)}: 复制到你自己的函数旁 (to be copied beside functions of your own)\n`,
);
const client = await buildClient(process.cwd());
const clientKb = (client.gzippedBytes / 1000).toFixed(2);
process.stdout.write(
  `${relative(process.cwd(), client.folder)}: 小程序端的 npm 包，压缩后 ${clientKb} kB (the npm package for mini programs, gzipped)\n`,
);
