import type { UpdateTableRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tcb/v20180608/tcb_models.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../../server.ts';
import {
  BUCKET,
  type DataPlace,
  DOMAIN,
  ENV_ID,
  type Harness,
  newDataPlace,
  REGION,
  startHarness,
  zipOf,
} from '../harness.ts';

let place: DataPlace;
let harness: Harness;
const EnvId = ENV_ID;

beforeEach(async () => {
  place = await newDataPlace();
  harness = await startHarness(listen, place);
});
afterEach(async () => {
  await harness.close();
  await place.remove();
});

const verdict = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );

describe('the environment', () => {
  test('names its database, bucket, namespace and logs', async () => {
    const described = await harness.tcb.DescribeEnvs({ EnvId });
    expect(described).toMatchObject({
      Total: 1,
      EnvList: [
        {
          EnvId,
          Status: 'NORMAL',
          Region: REGION,
          Databases: [{ InstanceId: 'tnt-local', Status: 'RUNNING', Region: REGION }],
          Storages: [{ Bucket: BUCKET, Region: REGION }],
          Functions: [{ Namespace: ENV_ID, Region: REGION }],
          LogServices: [{ LogsetId: 'logset-local', TopicId: 'topic-local', Region: REGION }],
        },
      ],
    });
    expect((await harness.tcb.DescribeEnvs({})).Total).toBe(1);
  });

  test('another one is an empty list, and refused everywhere else', async () => {
    expect((await harness.tcb.DescribeEnvs({ EnvId: 'other' })).EnvList).toEqual([]);
    const named = { EnvId: 'other' };
    expect(await verdict(harness.tcb.DescribeHTTPServiceRoute(named))).toBe(
      'ResourceNotFound.EnvNotExist',
    );
    const table = harness.tcb.CreateTable({ TableName: 'orders' });
    expect(await verdict(table)).toBe('MissingParameter');
  });
});

describe('HTTP access', () => {
  const route = {
    Path: '/pay/notify',
    UpstreamResourceType: 'SCF',
    UpstreamResourceName: 'payCallback',
    QPSPolicy: { QPSTotal: 100 },
  };
  const change = (action: string, routes: object[], named = DOMAIN) =>
    harness.tcb.request(action, { EnvId, Domain: { Domain: named, Routes: routes } });
  const create = (...routes: object[]) => change('CreateHTTPServiceRoute', routes);
  const modify = (...routes: object[]) => change('ModifyHTTPServiceRoute', routes);
  const describeRoutes = async (Filters: { Name: string; Values: string[] }[] = []) =>
    (await harness.tcb.DescribeHTTPServiceRoute({ EnvId, Filters })).Domains;

  test('the default domain is there before any route', async () => {
    expect(await describeRoutes()).toMatchObject([{ Domain: DOMAIN, IsDefault: true, Routes: [] }]);
  });

  test('a route leads to its function once that is there, and dangles when it is deleted', async () => {
    await create(route);
    expect(await describeRoutes()).toMatchObject([{ Routes: [{ ...route, Enable: true }] }]);
    const payCallback = { FunctionName: 'payCallback', Namespace: ENV_ID };
    await harness.scf.CreateFunction({
      ...payCallback,
      Handler: 'index.main',
      Runtime: 'Nodejs20.19',
      Code: { ZipFile: zipOf({ 'index.js': '' }) },
    });
    const routes = () => harness.cloud.deployed().map((one) => one.routes);
    await expect.poll(routes).toEqual([[{ path: '/pay/notify' }]]);
    await modify({ Path: '/pay/notify', Enable: false });
    expect(routes()).toEqual([[]]);
    await harness.scf.DeleteFunction(payCallback);
    expect(await describeRoutes()).toMatchObject([{ Routes: [{ ...route, Enable: false }] }]);
  });

  test('a change replaces what is given of a route', async () => {
    await create(route);
    await modify({ Path: '/pay/notify', UpstreamResourceName: 'other' });
    expect(await describeRoutes()).toMatchObject([
      { Routes: [{ UpstreamResourceName: 'other', QPSPolicy: { QPSTotal: 100 } }] },
    ]);
  });

  test('routes are deleted by path, or all at once', async () => {
    await create(route, { ...route, Path: '/a' }, { ...route, Path: '/b' });
    await harness.tcb.DeleteHTTPServiceRoute({ EnvId, Domain: DOMAIN, Paths: ['/a'] });
    expect((await describeRoutes())?.[0]?.Routes?.map(({ Path }) => Path)).toEqual([
      '/b',
      '/pay/notify',
    ]);
    const again = harness.tcb.DeleteHTTPServiceRoute({ EnvId, Domain: DOMAIN, Paths: ['/a'] });
    expect(await verdict(again)).toBe('InvalidParameter.ResourceNotExists');
    await harness.tcb.DeleteHTTPServiceRoute({ EnvId, Domain: DOMAIN });
    expect(await describeRoutes()).toMatchObject([{ IsDefault: true, Routes: [] }]);
  });

  test.each([
    [{ Name: 'Domain', Values: [DOMAIN] }, 1],
    [{ Name: 'Domain', Values: ['other.example'] }, 0],
    [{ Name: 'Path', Values: ['/pay/notify'] }, 1],
    [{ Name: 'Path', Values: ['/pay'] }, 0],
    [{ Name: 'UpstreamResourceType', Values: ['SCF'] }, 1],
    [{ Name: 'DomainType', Values: ['CBR'] }, 0],
  ])('a filter %o finds %i', async (filter, count) => {
    await create(route);
    expect(await describeRoutes([filter])).toHaveLength(count);
  });

  test.each<[string, object, string]>([
    ['no leading /', { Path: 'pay' }, 'InvalidParameterValue'],
    ['a trailing /', { Path: '/pay/' }, 'InvalidParameterValue'],
    ['a doubled /', { Path: '/pay//x' }, 'InvalidParameterValue'],
    ['a query', { Path: '/pay?x=1' }, 'InvalidParameterValue'],
    ['101 characters', { Path: `/${'a'.repeat(100)}` }, 'InvalidParameterValue'],
    ['100 characters', { Path: `/${'a'.repeat(99)}` }, 'answered'],
    ['the root', { Path: '/' }, 'answered'],
    ['a path that is there', { Path: '/there' }, 'ResourceInUse.HTTPServiceRoute'],
    ['no path', { Path: undefined }, 'MissingParameter'],
    ['no upstream', { UpstreamResourceName: undefined }, 'MissingParameter'],
    ['no upstream type', { UpstreamResourceType: undefined }, 'MissingParameter'],
    ['a container upstream', { UpstreamResourceType: 'CBR' }, 'InvalidParameterValue'],
    ['authentication', { EnableAuth: true }, 'InvalidParameterValue'],
    ['a rewritten path', { PathRewrite: { Prefix: '/x' } }, 'InvalidParameterValue'],
    [
      'a limit per unknown key',
      { QPSPolicy: { QPSPerClient: { LimitBy: 'X' } } },
      'InvalidParameterValue',
    ],
  ])('a route with %s', async (_name, part, expected) => {
    await create({ ...route, Path: '/there' });
    expect(await verdict(create({ ...route, ...part }))).toBe(expected);
  });

  test('one bad route of several leaves none', async () => {
    expect(await verdict(create(route, { ...route, Path: 'bad' }))).toBe('InvalidParameterValue');
    expect(await verdict(create(route, route))).toBe('InvalidParameter');
    expect(await describeRoutes()).toMatchObject([{ Routes: [] }]);
  });

  test('another domain, and a route that is not there, are refused', async () => {
    const foreign = change('CreateHTTPServiceRoute', [route], 'pay.example.com');
    expect(await verdict(foreign)).toBe('ResourceNotFound.HTTPServiceDomain');
    expect(await verdict(modify(route))).toBe('InvalidParameter.ResourceNotExists');
  });
});

describe('tables', () => {
  const MongoConnector = { InstanceId: 'flexdb', DatabaseName: 'tnt-local' };
  const named = (TableName: string) => ({ EnvId, TableName, MongoConnector });
  const index = (name: string, keys: Record<string, string>, options: object = {}) => ({
    IndexName: name,
    MgoKeySchema: {
      MgoIsUnique: false,
      MgoIndexKeys: Object.entries(keys).map(([Name, Direction]) => ({ Name, Direction })),
      ...options,
    },
  });
  const update = (change: Partial<UpdateTableRequest>, table = 'orders') =>
    harness.tcb.UpdateTable({ ...named(table), ...change });
  const built = (...CreateIndexes: ReturnType<typeof index>[]) => update({ CreateIndexes });
  const names = async () =>
    (await harness.tcb.DescribeTable(named('orders'))).Indexes?.map(({ Name }) => Name);
  const isBuilt = (name: string) => expect.poll(names, { interval: 2 }).toContain(name);

  beforeEach(() => harness.tcb.CreateTable(named('orders')));

  test('a table is made once, described, listed and deleted', async () => {
    const again = harness.tcb.CreateTable(named('orders'));
    expect(await verdict(again)).toBe('ResourceUnavailable.ResourceExist');
    expect(await harness.tcb.DescribeTable(named('orders'))).toMatchObject({
      IndexNum: 1,
      Indexes: [{ Name: '_id_', Keys: [{ Name: '_id', Direction: '1' }] }],
    });
    await harness.tcb.CreateTable(named('other'));
    expect(await harness.tcb.ListTables({ EnvId, MgoLimit: 10, SearchValue: 'ord' })).toMatchObject(
      {
        Tables: [{ TableName: 'orders', Count: 3, IndexCount: 1 }],
        Pager: { Offset: 0, Limit: 10, Total: 1 },
      },
    );
    const page = await harness.tcb.ListTables({ EnvId, MgoLimit: 1, MgoOffset: 1 });
    expect(page).toMatchObject({ Tables: [{ TableName: 'other' }], Pager: { Total: 2 } });
    await harness.tcb.DeleteTable(named('orders'));
    for (const action of ['DescribeTable', 'UpdateTable', 'DeleteTable']) {
      const call = harness.tcb.request(action, named('orders'));
      expect(await verdict(call)).toBe('ResourceNotFound.TableNotFound');
    }
  });

  test('indexes are built and dropped; whether one is sparse is not shown', async () => {
    const sparse = { MgoIsUnique: true, MgoIsSparse: true };
    await built(
      index('paid_at', { paidAt: '-1', _id: '1' }),
      index('refunds', { outRefundNos: '1' }, sparse),
    );
    await isBuilt('refunds');
    const { Indexes } = await harness.tcb.DescribeTable(named('orders'));
    const keys = [
      { Name: 'paidAt', Direction: '-1' },
      { Name: '_id', Direction: '1' },
    ];
    expect(Indexes?.slice(1)).toEqual([
      { Name: 'paid_at', Unique: false, Keys: keys },
      { Name: 'refunds', Unique: true, Keys: [{ Name: 'outRefundNos', Direction: '1' }] },
    ]);
    await update({ DropIndexes: [{ IndexName: 'paid_at' }] });
    expect(await names()).toEqual(['_id_', 'refunds']);
  });

  test('one index is built after the other', async () => {
    const release = harness.hold();
    await built(index('a', { a: '1' }));
    expect(await names()).toEqual(['_id_']);
    expect(await verdict(built(index('b', { b: '1' })))).toBe('ResourceInUse.IndexCreating');
    expect(await verdict(built(index('a', { a: '1' })))).toBe('answered');
    release();
    await isBuilt('a');
    expect(await verdict(built(index('b', { b: '1' })))).toBe('answered');
  });

  test('a unique index over duplicates is refused', async () => {
    await harness.tcb.CreateTable(named('full'));
    const CreateIndexes = [index('a', { a: '1' }, { MgoIsUnique: true })];
    expect(await verdict(update({ CreateIndexes }, 'full'))).toBe('FailedOperation.DuplicatedData');
  });

  test.each<[string, ReturnType<typeof index>, string]>([
    ['as it is', index('there', { a: '1' }), 'answered'],
    ['other keys', index('there', { b: '1' }), 'ResourceUnavailable.IndexOptionsConflict'],
    [
      'unique now',
      index('there', { a: '1' }, { MgoIsUnique: true }),
      'ResourceUnavailable.IndexOptionsConflict',
    ],
    [
      'sparse now',
      index('there', { a: '1' }, { MgoIsSparse: true }),
      'ResourceUnavailable.IndexOptionsConflict',
    ],
    ['another name', index('new', { a: '1' }), 'ResourceUnavailable.IndexOptionsConflict'],
    ['other direction', index('new', { a: '-1' }), 'answered'],
    ['a direction that is none', index('new', { b: 'up' }), 'InvalidParameter'],
    ['a direction that is a number', index('new', { b: 1 as never }), 'InvalidParameter'],
    ['no key', index('new', {}), 'InvalidParameter'],
    [
      'a partial one',
      index('new', { b: '1' }, { PartialFilterExpression: '{}' }),
      'InvalidParameterValue',
    ],
  ])('an index that is there, sent again %s', async (_name, again, expected) => {
    await built(index('there', { a: '1' }));
    await isBuilt('there');
    expect(await verdict(built(again))).toBe(expected);
  });

  test.each(['missing', '_id_'])('%s cannot be dropped', async (IndexName) => {
    expect(await verdict(update({ DropIndexes: [{ IndexName }] }))).toBe('InvalidParameter');
  });

  test.each<[string, object, string]>([
    ['_orders', {}, 'InvalidParameterValue'],
    ['a b', {}, 'InvalidParameterValue'],
    ['a'.repeat(97), {}, 'InvalidParameterValue'],
    ['a'.repeat(96), {}, 'answered'],
    ['a', { PermissionInfo: { AclTag: 'NOBODY', EnvId } }, 'InvalidParameterValue'],
    ['a', { Tag: 'tnt-other' }, 'InvalidParameter'],
    ['a', { MongoConnector: { InstanceId: 'mysql' } }, 'InvalidParameter'],
    ['a', { MongoConnector: { DatabaseName: 'tnt-other' } }, 'InvalidParameter'],
  ])('table %s with %o: %s', async (name, change, expected) => {
    const params = { ...named(name), ...change };
    expect(await verdict(harness.tcb.CreateTable(params))).toBe(expected);
  });

  test('MgoLimit must be there and at most 1000', async () => {
    const list = (params: object) =>
      verdict(harness.tcb.request('ListTables', { EnvId, ...params }));
    expect([
      await list({}),
      await list({ MgoLimit: 1001 }),
      await list({ MgoLimit: 1000 }),
    ]).toEqual(['MissingParameter', 'InvalidParameterValue', 'answered']);
  });

  test('its ACL is PRIVATE until it is set', async () => {
    const acl = async () =>
      (await harness.tcb.DescribeDatabaseACL({ EnvId, CollectionName: 'orders' })).AclTag;
    expect(await acl()).toBe('PRIVATE');
    await harness.tcb.ModifyDatabaseACL({ EnvId, CollectionName: 'orders', AclTag: 'ADMINONLY' });
    expect(await acl()).toBe('ADMINONLY');
    const odd = { EnvId, CollectionName: 'orders', AclTag: 'NOBODY' };
    expect(await verdict(harness.tcb.ModifyDatabaseACL(odd))).toBe('InvalidParameterValue');
    const gone = { EnvId, CollectionName: 'gone', AclTag: 'PRIVATE' };
    expect(await verdict(harness.tcb.ModifyDatabaseACL(gone))).toBe(
      'ResourceNotFound.TableNotFound',
    );
  });
});

describe('permissions', () => {
  const set = (rule: unknown, change: object = {}) =>
    harness.tcb.ModifyResourcePermission({
      EnvId,
      ResourceType: 'function',
      Permission: 'CUSTOM',
      SecurityRule: typeof rule === 'string' ? rule : JSON.stringify(rule),
      ...change,
    });
  const get = async (ResourceType: string, ...Resources: string[]) =>
    (await harness.tcb.DescribeResourcePermission({ EnvId, ResourceType, Resources })).Data;
  const signedIn = "auth.loginType != 'ANONYMOUS' && auth != null";

  test('every client may call every function until a rule says otherwise', async () => {
    expect(harness.cloud.clientMayInvoke('pay')).toBe(true);
    const { PermissionList } = (await get('function')) ?? {};
    expect(PermissionList).toMatchObject([
      { Permission: 'CUSTOM', SecurityRule: '{"*":{"invoke":"auth != null"}}' },
    ]);
  });

  test('a function has its own rule or that of *; a new rule replaces the whole', async () => {
    const rule = {
      '*': { invoke: false },
      open: { invoke: true },
      user: { invoke: 'auth != null' },
      known: { invoke: signedIn },
      closed: { invoke: false },
    };
    await set(rule);
    const may = () =>
      ['open', 'user', 'known', 'closed', 'other', 'toString'].map(harness.cloud.clientMayInvoke);
    expect(may()).toEqual([true, true, true, false, false, false]);
    expect(await get('function')).toMatchObject({
      TotalCount: 1,
      PermissionList: [{ ResourceType: 'function', SecurityRule: JSON.stringify(rule) }],
    });
    await set({ '*': { invoke: signedIn } });
    expect(may()).toEqual([true, true, true, true, true, true]);
  });

  test.each<[string, unknown, string]>([
    ['no *', { pay: { invoke: true } }, 'InvalidParameterValue'],
    ['no invoke', { '*': {} }, 'InvalidParameterValue'],
    ['another expression', { '*': { invoke: 'auth.uid != null' } }, 'InvalidParameterValue'],
    ['text for a boolean', { '*': { invoke: 'true' } }, 'InvalidParameterValue'],
    ['no JSON', '{', 'InvalidParameterValue'],
    ['a list', [], 'InvalidParameterValue'],
    ['nothing', '', 'MissingParameter'],
  ])('a rule of functions with %s', async (_name, rule, expected) => {
    expect(await verdict(set(rule))).toBe(expected);
    expect(harness.cloud.clientMayInvoke('pay')).toBe(true);
  });

  test.each<[object, string]>([
    [{ Permission: 'PRIVATE' }, 'InvalidParameterValue'],
    [{ ResourceType: 'table', Resource: 't' }, 'InvalidParameterValue'],
    [{ ResourceType: 'nothing' }, 'InvalidParameterValue'],
    [{ ResourceType: 'storage' }, 'MissingParameter'],
    [{ ResourceType: 'storage', Resource: 'other' }, 'InvalidParameter.ResourceNotExists'],
    [{ ResourceType: 'collection', Resource: 'gone' }, 'ResourceNotFound.TableNotFound'],
  ])('%o: %s', async (change, expected) => {
    expect(await verdict(set({ '*': { invoke: true } }, change))).toBe(expected);
  });

  test('storage is READONLY until it is set, by a level or a rule', async () => {
    const storage = { ResourceType: 'storage', Resource: BUCKET };
    expect(await get('storage', BUCKET)).toMatchObject({
      PermissionList: [{ Resource: BUCKET, Permission: 'READONLY' }],
    });
    await set('', { ...storage, Permission: 'ADMINONLY' });
    expect(await get('storage', BUCKET)).toMatchObject({
      PermissionList: [{ Permission: 'ADMINONLY' }],
    });
    await set({ read: false, write: false }, storage);
    expect(await get('storage', BUCKET)).toMatchObject({
      PermissionList: [{ Permission: 'CUSTOM', SecurityRule: '{"read":false,"write":false}' }],
    });
  });

  test('a collection has one permission, by either action', async () => {
    await harness.tcb.CreateTable({ EnvId, TableName: 'orders' });
    await set('', { ResourceType: 'collection', Resource: 'orders', Permission: 'ADMINONLY' });
    const acl = await harness.tcb.DescribeDatabaseACL({ EnvId, CollectionName: 'orders' });
    expect(acl.AclTag).toBe('ADMINONLY');
  });

  test('a restart keeps routes and rules', async () => {
    await set({ '*': { invoke: false } });
    const Routes = [
      { Path: '/a', UpstreamResourceType: 'SCF', UpstreamResourceName: 'payCallback' },
    ];
    await harness.tcb.CreateHTTPServiceRoute({ EnvId, Domain: { Domain: DOMAIN, Routes } });
    await harness.close();
    harness = await startHarness(listen, place);
    expect(harness.cloud.clientMayInvoke('pay')).toBe(false);
    expect(await harness.tcb.DescribeHTTPServiceRoute({ EnvId })).toMatchObject({
      Domains: [{ Routes }],
    });
  });
});
