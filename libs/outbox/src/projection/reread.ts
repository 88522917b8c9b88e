import type { RawRecord } from '@bijli/kafka';
import type { ReadBehind } from '../subscriptions/running.ts';
import type { Projector } from './project-batch.ts';
import { projectBatch } from './project-batch.ts';

/**
 * Applies records that are read from their topic once more. Of a key more may have been said since, or it was erased: what is read again must
 * not bring the old back. So the old of such a key is left out, and what was said since is applied once more, at first and until nothing new
 * is said: it may be said while the old is applied, and a process that dies between the two leaves it to the next try.
 */
export async function reread(
  projector: Projector,
  records: readonly RawRecord[],
  readBehind: ReadBehind,
): Promise<void> {
  const keys = new Set(records.flatMap(({ key }) => (key === null ? [] : [key])));
  let said = await ofKeys(keys, readBehind);
  const saidSince = new Set(said.map(({ key }) => key));
  const current = records.filter(({ key }) => key === null || !saidSince.has(key));
  await projectBatch(projector, current, 'reopen');
  do {
    await projectBatch(projector, said, 'leave');
    said = await ofKeys(keys, readBehind);
  } while (said.length > 0);
}

async function ofKeys(keys: ReadonlySet<string>, readBehind: ReadBehind): Promise<RawRecord[]> {
  const found: RawRecord[] = [];
  for await (const records of readBehind())
    for (const record of records) if (record.key !== null && keys.has(record.key)) found.push(record);
  return found;
}
