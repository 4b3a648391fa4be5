import { relative } from 'node:path';
import { buildFunctions, buildMerchantFile } from './build/build.ts';
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
