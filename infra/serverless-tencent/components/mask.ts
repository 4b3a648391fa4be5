import type { Access } from '../cloud/access.ts';
import type { Service } from '../service/service.ts';

/**
 * Lists every value that must not be printed: the key pair, and all values of the functions'
 * environments.
 */
export function secretsOf(
  { functions }: Service,
  { secretId, secretKey, token }: Access,
): string[] {
  const values = functions.flatMap(({ environment }) => Object.values(environment));
  return [secretId, secretKey, ...(token ? [token] : []), ...values];
}
