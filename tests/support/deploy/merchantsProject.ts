import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalCloud } from '../../../emulator/main.ts';
import { buildFunctions } from '../../../infra/build/build.ts';
import { zipBundle } from '../../../infra/build/zip.ts';
import { deployAll } from '../../../infra/serverless-tencent/deploy/deployment.ts';
import { readService } from '../../../infra/serverless-tencent/service/service.ts';
import { projectDeployment } from './projectDeployment.ts';

/** A project of the merchant's own, beside ours in the same environment. */
export interface MerchantsProject {
  /** Functions that are a folder of this project, by the name under which they are copied. */
  copies?: Readonly<Record<string, string>>;
  /** The code of each function, CommonJS; it may require `./NAME.js` of `files`, and packages that are here. */
  functions?: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, string>>;
  environment?: Readonly<Record<string, string>>;
  collections?: readonly string[];
}

/** Builds and deploys functions of a merchant's own by the deploy's own code; another time, it deploys over them. */
export async function deployMerchants(
  cloud: LocalCloud,
  { functions = {}, copies = {}, files = {}, environment = {}, collections = [] }: MerchantsProject,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'merchants-'));
  try {
    const names = [...Object.keys(functions), ...Object.keys(copies)];
    for (const shared of ['node_modules', 'shared']) {
      await symlink(join(process.cwd(), shared), join(root, shared));
    }
    for (const [name, from] of Object.entries(copies)) {
      await cp(from, join(root, 'functions', name), { recursive: true });
    }
    for (const [name, text] of Object.entries(functions)) {
      const folder = join(root, 'functions', name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'index.cjs'), text);
      const beside = Object.entries(files).map(([file, more]) =>
        writeFile(join(folder, file), more),
      );
      await Promise.all(beside);
    }
    const built = await buildFunctions(root, { names });
    const code = new Map(
      await Promise.all(
        built.map(async ({ name, file }) => [name, zipBundle(await readFile(file))] as const),
      ),
    );
    const ours = await projectDeployment(cloud, code);
    const { stage, region, envId, runtime } = ours.service;
    const service = readService({
      service: 'shop',
      provider: { name: 'tencent', stage, region, envId, runtime },
      functions: Object.fromEntries(
        names.map((name) => [name, { handler: `functions/${name}/index.main`, environment }]),
      ),
      collections: Object.fromEntries(collections.map((name) => [name, { acl: 'PRIVATE' }])),
    });
    await deployAll({ ...ours, service }, { onStart: () => {}, onDone: () => {} });
  } finally {
    await rm(root, { recursive: true });
  }
}
