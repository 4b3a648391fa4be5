import type { FaultPlace } from '../world/faults.ts';
import { faultPlaces } from '../world/takeFault.ts';
import type { ApiService } from './action.ts';
import { refuse } from './errors.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './scf/alias.ts';
import {
  createFunction,
  deleteFunction,
  updateFunctionCode,
  updateFunctionConfiguration,
} from './scf/function.ts';
import { invoke, invokeFunction } from './scf/invoke.ts';
import { getFunction, listFunctions } from './scf/read.ts';
import {
  createTrigger,
  deleteTrigger,
  listTriggers,
  updateTrigger,
  updateTriggerStatus,
} from './scf/trigger.ts';
import { getTempCosInfo } from './scf/upload.ts';
import { deleteFunctionVersion, listVersionByFunction, publishVersion } from './scf/version.ts';
import { describeDatabaseACL, modifyDatabaseACL } from './tcb/acl.ts';
import { admitEnvironment, describeEnvs } from './tcb/environment.ts';
import { searchClsLog } from './tcb/log.ts';
import { describeResourcePermission, modifyResourcePermission } from './tcb/permission.ts';
import {
  createHTTPServiceRoute,
  deleteHTTPServiceRoute,
  modifyHTTPServiceRoute,
} from './tcb/route.ts';
import { describeHTTPServiceRoute } from './tcb/routeList.ts';
import { createTable, deleteTable, describeTable, listTables } from './tcb/table.ts';
import { updateTable } from './tcb/tableIndex.ts';
import { optionalText } from './wire/params.ts';

const admitNamespace: ApiService['admit'] = (params, { envId }) => {
  const namespace = optionalText(params, 'Namespace') ?? 'default';
  if (namespace === envId) return;
  throw refuse(
    'ResourceNotFound.Namespace',
    `没有命名空间 ${namespace}，请传 Namespace=${envId} (send Namespace=${envId})`,
  );
};

/** Cloud functions, `scf.tencentcloudapi.com`. */
const scf: ApiService = {
  version: '2018-04-16',
  admit: admitNamespace,
  actions: {
    CreateFunction: createFunction,
    UpdateFunctionCode: updateFunctionCode,
    UpdateFunctionConfiguration: updateFunctionConfiguration,
    GetFunction: getFunction,
    ListFunctions: listFunctions,
    DeleteFunction: deleteFunction,
    PublishVersion: publishVersion,
    ListVersionByFunction: listVersionByFunction,
    DeleteFunctionVersion: deleteFunctionVersion,
    CreateAlias: createAlias,
    UpdateAlias: updateAlias,
    DeleteAlias: deleteAlias,
    GetAlias: getAlias,
    ListAliases: listAliases,
    CreateTrigger: createTrigger,
    UpdateTrigger: updateTrigger,
    UpdateTriggerStatus: updateTriggerStatus,
    DeleteTrigger: deleteTrigger,
    ListTriggers: listTriggers,
    Invoke: invoke,
    InvokeFunction: invokeFunction,
    GetTempCosInfo: getTempCosInfo,
  },
};

/** CloudBase, `tcb.tencentcloudapi.com`. */
const tcb: ApiService = {
  version: '2018-06-08',
  admit: admitEnvironment,
  actions: {
    DescribeEnvs: describeEnvs,
    DescribeHTTPServiceRoute: describeHTTPServiceRoute,
    CreateHTTPServiceRoute: createHTTPServiceRoute,
    ModifyHTTPServiceRoute: modifyHTTPServiceRoute,
    DeleteHTTPServiceRoute: deleteHTTPServiceRoute,
    CreateTable: createTable,
    DescribeTable: describeTable,
    UpdateTable: updateTable,
    ListTables: listTables,
    DeleteTable: deleteTable,
    ModifyDatabaseACL: modifyDatabaseACL,
    DescribeDatabaseACL: describeDatabaseACL,
    ModifyResourcePermission: modifyResourcePermission,
    DescribeResourcePermission: describeResourcePermission,
    SearchClsLog: searchClsLog,
  },
};

/** The services by the first label of their host. */
export const ROUTES: ReadonlyMap<string, ApiService> = new Map(Object.entries({ scf, tcb }));

/** The work that an accepted call began: it comes to nothing, or it does not. */
const WORK = ['scf.Creating', 'scf.Updating', 'scf.Publishing'];

/** The places of faults: actions, an upload, and the work that an accepted call began. */
export const FAULT_PLACES: readonly FaultPlace[] = [
  ...[...ROUTES].flatMap(([service, { actions }]) =>
    faultPlaces(Object.keys(actions).map((name) => `${service}.${name}`)),
  ),
  ...faultPlaces(['cos.PutObject']),
  ...WORK.map((at): FaultPlace => ({ at, kinds: [{ kind: 'error' }] })),
];
