import { randomBytes } from 'node:crypto';

/**
 * Makes a name that no other test uses: fits topics, groups and databases (lower case, digits, underscores).
 * @param prefix what the name stands for, already in that alphabet.
 */
export function randomName(prefix: string): string {
  return `${prefix}_${randomBytes(5).toString('hex')}`;
}
