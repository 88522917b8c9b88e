import type { RawRecord } from '@bijli/kafka';
import type { OnBatch, ReadBehind } from '../subscriptions/running.ts';
import type { Projector } from './project-batch.ts';
import { projectBatch } from './project-batch.ts';

/**
 * Opens what applies records that are read from their topic once more. Of a key more may have been said since, or it was erased: what is read
 * again must not bring the old back. Where that is said while it is applied, it is applied once more, until nothing new is said.
 */
export function openRereader(projector: Projector, readBehind: ReadBehind): OnBatch {
  const saidSince = new Set<string>();
  return async (records) => {
    for await (const behind of readBehind()) for (const { key } of behind) if (key !== null) saidSince.add(key);
    const current = records.filter(({ key }) => key === null || !saidSince.has(key));
    const keys = new Set(current.flatMap(({ key }) => (key === null ? [] : [key])));
    await projectBatch(projector, current, 'reopen');
    for (let meanwhile = await ofKeys(keys, readBehind, saidSince); meanwhile.length > 0; ) {
      await projectBatch(projector, meanwhile, 'leave');
      meanwhile = await ofKeys(keys, readBehind, saidSince);
    }
  };
}

async function ofKeys(keys: ReadonlySet<string>, readBehind: ReadBehind, saidSince: Set<string>): Promise<RawRecord[]> {
  const found: RawRecord[] = [];
  for await (const records of readBehind()) {
    for (const { key } of records) if (key !== null) saidSince.add(key);
    found.push(...records.filter(({ key }) => key !== null && keys.has(key)));
  }
  return found;
}
