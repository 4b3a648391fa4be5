import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { chosen } from '../support/chosen.ts';
import {
  type ComponentsPlatform,
  startComponentsPlatform,
} from '../support/components/platform.ts';
import { makeProject, type Project } from '../support/components/project.ts';
import { functions, names, secrets, yml } from './componentsCase.ts';

/**
 * Runs the commands of the components engine, through the real packages; `only` chooses by title.
 */
export function testComponentsEngine(only?: RegExp): void {
  const test = chosen(only);
  describe('through the command line and the real engine', () => {
    let platform: ComponentsPlatform;
    let project: Project;
    beforeEach(async () => {
      platform = await startComponentsPlatform();
      project = await makeProject(platform, yml);
    });
    afterEach(async () => {
      await project.close();
      await platform.close();
    });

    /** Runs a command and checks what holds however it ends; `mayAsk` are hosts that the proxy may refuse. */
    async function run(
      args: string[],
      env: Record<string, string> = {},
      { mayAsk = [] as string[] } = {},
    ) {
      const { code, text } = await project.serverless(args, { ...secrets, ...env });
      expect(await project.leftovers()).toEqual([]);
      const values = [...Object.values(secrets), ...Object.values(platform.keys)];
      for (const line of [...values, ...Object.values(env)].flatMap((value) => value.split('\n'))) {
        expect(text).not.toContain(line);
        expect(platform.seen.unencrypted.join('\n')).not.toContain(line);
      }
      // Notices of the engine are sent where nothing listens.
      const expected = ['127.0.0.1:9', ...mayAsk];
      expect([...platform.seen.refused].filter((each) => !expected.includes(each))).toEqual([]);
      const { host } = new URL(platform.proxyUrl);
      expect((await project.connections()).filter((target) => target !== host)).toEqual([]);
      return { code, text };
    }

    test('a deploy makes every function stand as packaged, the next uploads nothing, a removal leaves nothing', async () => {
      const first = await run(['deploy']);
      expect(first).toMatchObject({ code: 0, text: expect.stringContaining('未知') });
      expect(first.text).toContain('集合 (collection) orders: ADMINONLY');
      const deployed = platform.deployed();
      expect([...deployed.keys()].sort()).toEqual(names);
      for (const [name, { app, stage, component, files }] of deployed) {
        expect({ app, stage, component }).toEqual({ app: 'shop', stage: 'live', component: 'scf' });
        const zip = unzipSync(await readFile(join(project.root, 'dist/packages', `${name}.zip`)));
        expect([...files.keys()]).toEqual(['index.js']);
        expect(Buffer.from(files.get('index.js') ?? '')).toEqual(
          Buffer.from(zip['index.js'] ?? ''),
        );
      }
      const link = {
        WXPAY_API_V3_KEY: secrets.WXPAY_API_V3_KEY,
        WXPAY_PRIVATE_KEY: secrets.WXPAY_PRIVATE_KEY,
      };
      expect(
        [...deployed].map(([name, { inputs }]) => [name, inputs.environment, inputs.events]).sort(),
      ).toEqual([
        [
          'closeStaleOrders',
          { variables: link },
          timerEvent({ name: 'every-minute', cron: '0 * * * * * *', enabled: true }),
        ],
        [
          'greet',
          { variables: { OWN: secrets.OWN } },
          timerEvent({ name: 'at-noon', cron: '0 0 12 * * * *', enabled: false }),
        ],
        ['payCallback', { variables: link }, undefined],
        ['unifiedOrder', { variables: link }, undefined],
      ]);
      expect(platform.seen.uploads).toBe(names.length);

      expect(await run(['deploy'])).toMatchObject({ code: 0 });
      expect(platform.seen.uploads).toBe(names.length);

      expect(await run(['remove', '--yes'])).toMatchObject({ code: 0 });
      expect([...platform.deployed().keys()]).toEqual([]);
      expect(platform.seen).toMatchObject({ unverified: 0, verified: expect.any(Number) });
      expect(platform.seen.verified).toBeGreaterThan(60);
      expect(await project.connections()).toEqual([new URL(platform.proxyUrl).host]);
      // Nothing of the engine's stays in the home of the user.
      expect(await readdir(join(project.root, 'home/.serverless/tencent'))).toEqual([
        'credentials',
      ]);
    });

    test('a wrong key is refused, and nothing stands', async () => {
      const { code, text } = await run(['deploy'], {
        TENCENTCLOUD_SECRET_KEY: 'not-the-secret-key',
      });
      expect(code).not.toBe(0);
      expect(text).toContain('退出码 1');
      expect(text).toContain('TENCENTCLOUD_SECRET_KEY');
      expect(platform.seen).toMatchObject({ verified: 0, unverified: expect.any(Number) });
      expect(platform.seen.unverified).toBeGreaterThan(0);
      expect(platform.deployed().size).toBe(0);
    });

    test('one function that fails is named, the others are reported as deployed, what it repeats is hidden', async () => {
      platform.faults.failing.add('greet');
      const { code, text } = await run(['deploy']);
      expect(code).not.toBe(0);
      expect(text).toContain('未确认 (not confirmed): greet');
      expect(text).toContain('已完成 (done): unifiedOrder, payCallback, closeStaleOrders');
      expect(text).toMatch(/greet: cannot create with .*\*\*\*/);
      expect([...platform.deployed().keys()].sort()).toEqual(
        names.filter((name) => name !== 'greet'),
      );
      platform.faults.failing.clear();
      expect(await run(['deploy'])).toMatchObject({ code: 0 });
      expect([...platform.deployed().keys()].sort()).toEqual(names);
      platform.faults.stuck.add('greet');
      const removal = await run(['remove', '--yes']);
      expect(removal.code).not.toBe(0);
      expect(removal.text).toContain('greet: in use');
    });

    test('an account without the role: the engine leaves with 0, the deploy fails all the same', async () => {
      platform.faults.withoutRole = true;
      const { code, text } = await run(['deploy']);
      expect(code).not.toBe(0);
      expect(text).toContain('退出码是 0，但平台没有确认全部函数');
      expect(platform.deployed().size).toBe(0);
    });

    test('a role-bind host that answers 502 crashes the engine, and the error says so', async () => {
      platform.faults.badGateway = true;
      const { code, text } = await run(['deploy']);
      expect(code).not.toBe(0);
      expect(text).toContain('角色绑定服务');
      expect(text).toContain('engine: api');
      expect(platform.deployed().size).toBe(0);
    });

    test('expired temporary keys end the run instead of a QR code that nobody scans', async () => {
      platform.keys.token = 'the-token-of-today';
      const yesterday = { TENCENTCLOUD_SESSION_TOKEN: 'one-of-yesterday' };
      // Where the engine asks for a code to scan, by http as by https, should our signal reach it later than that.
      const mayAsk = ['scfdev.tencentserverless.com:80', 'scfdev.tencentserverless.com:443'];
      const { code, text } = await run(['deploy'], yesterday, { mayAsk });
      expect(code).not.toBe(0);
      expect(text).toContain('密钥已过期');
      const today = { TENCENTCLOUD_SESSION_TOKEN: platform.keys.token };
      expect(await run(['deploy'], today, { mayAsk })).toMatchObject({ code: 0 });
    });

    test('an http event is refused by name, and nothing is sent', async () => {
      const events = [{ http: { path: '/pay/notify' } }];
      const withRoute = { ...functions, payCallback: { ...functions.payCallback, events } };
      await project.close();
      project = await makeProject(platform, { ...yml, functions: withRoute });
      const { code, text } = await run(['deploy']);
      expect(code).not.toBe(0);
      expect(text).toContain('functions.payCallback.events.http /pay/notify');
      expect(text).toContain('--config');
      expect(platform.seen.requested.size).toBe(0);
    });

    test.each([[['deploy', 'function', '-f', 'greet']], [['deploy', '--prune']]])(
      'serverless %j is refused by name, and nothing is sent',
      async (args) => {
        const { code, text } = await project.serverless(args, secrets);
        expect(code).not.toBe(0);
        expect(text).toContain(
          args.at(-1)?.startsWith('--') ? '--prune' : args.slice(0, 2).join(' '),
        );
        expect(text).toContain('engine: components');
        expect(platform.seen.requested.size).toBe(0);
      },
    );

    test('an interrupted deploy waits for the engine, says so, and leaves no file behind', async () => {
      platform.faults.polls = 1_000;
      const { child, ended } = project.start(['deploy'], secrets);
      while (!platform.seen.actions.includes('GetInstance')) await wait(20);
      const written = await project.leftovers();
      expect(written.join('\n')).toContain('greet/serverless.json');
      for (const path of written) {
        expect((await stat(join(project.root, path))).mode & 0o077, path).toBe(0);
      }
      child.kill('SIGTERM');
      const { code, text } = await ended;
      expect(code).not.toBe(0);
      expect(text).toContain('被中断');
      expect(await project.leftovers()).toEqual([]);
    });
  });
}

function timerEvent({ name, cron, enabled }: { name: string; cron: string; enabled: boolean }) {
  return [{ timer: { name, parameters: { name, cronExpression: cron, enable: enabled } } }];
}
