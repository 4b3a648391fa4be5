import type { Data } from '../../world/data.ts';

export type ResourceType = 'function' | 'storage' | 'collection';

/** A permission says who may reach a resource from a client. */
export interface Permission {
  /** `READONLY`, `PRIVATE`, `ADMINWRITE`, `ADMINONLY` or `CUSTOM`. */
  level: string;
  /** The rule of `CUSTOM`, JSON as it was sent. */
  rule?: string;
}

/** The permissions that were set; functions have one for all, under the empty name. */
export interface Permissions {
  get(type: ResourceType, name: string): Permission | undefined;
  set(type: ResourceType, name: string, permission: Permission): void;
  remove(type: ResourceType, name: string): void;
}

/** Opens the permissions. */
export function openPermissions(data: Data): Permissions {
  const table = data.table<Permission>('tencentcloud_permissions');
  return {
    get: (type, name) => table.get(`${type}/${name}`),
    set: (type, name, permission) => table.put(`${type}/${name}`, permission),
    remove: (type, name) => table.delete(`${type}/${name}`),
  };
}
