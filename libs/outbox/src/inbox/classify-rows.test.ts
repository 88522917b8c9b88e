import { describe, expect, test } from '@jest/globals';
import type { AnyEvent, KeyState } from '../records/inbox-rows.ts';
import type { Circumstances, KeyClassification, ReadRow, Classification } from './classify-rows.ts';
import { classifyKey } from './classify-rows.ts';

const NOW = new Date('2026-01-30T10:00:00Z');
const SECOND_MS = 1_000;
const secondsAgo = (seconds: number): Date => new Date(NOW.getTime() - seconds * SECOND_MS);

/** Row number n of the key, with the event e<n> of this version unless told otherwise. */
function row(n: number, version: number, more: { eventId?: string; body?: string; key?: string } = {}): ReadRow {
  const { eventId = `e${n}`, key = 'k' } = more;
  const event = { eventId, version, aggregateId: key } as unknown as AnyEvent;
  return { row: pending(n, key), hash: Buffer.from(more.body ?? eventId), event };
}
const poison = (n: number, key = 'k'): ReadRow => ({
  row: pending(n, key),
  hash: Buffer.from('?'),
  deadReason: { reason: 'malformed', detail: '' },
});
const pending = (n: number, key: string) => ({
  id: String(n),
  key,
  topic: 't',
  partition: 0,
  recordOffset: String(n),
  value: null,
  headers: {},
  receivedAt: NOW,
  crashes: 0,
});

const state = (version: number, gapSince: Date | null = null): KeyState => ({
  key: 'k',
  version,
  attempts: gapSince === null ? 0 : 1,
  gapSince,
});
const handled = (events: Record<string, string> = {}): Map<string, Buffer> =>
  new Map(Object.entries(events).map(([id, body]) => [id, Buffer.from(body)]));

function classified(
  key: KeyState,
  rows: ReadRow[],
  more: Partial<Circumstances> = {},
): { said: string[]; key: KeyClassification } {
  const circumstances: Circumstances = {
    lateness: 'latest-wins',
    handled: handled(),
    now: NOW,
    gapParkMs: 60 * SECOND_MS,
    ...more,
  };
  const { classifications, key: keyClassification } = classifyKey(key, rows, circumstances);
  return {
    said: classifications.map(({ kind, read }: Classification) => `${read.row.id} ${kind}`),
    key: keyClassification,
  };
}

describe('classifyKey', () => {
  test('applies versions without gaps in their order, whatever order they came in', () => {
    expect(classified(state(0), [row(1, 2), row(2, 1), row(3, 3)])).toEqual({
      said: ['2 apply', '1 apply', '3 apply'],
      key: { key: 'k', version: 3 },
    });
  });

  test('does nothing for a repeat, in the batch or handled before', () => {
    const again = row(3, 2, { eventId: 'e2' });

    expect(classified(state(1), [row(1, 1), row(2, 2), again], { handled: handled({ e1: 'e1' }) })).toEqual({
      said: ['1 repeated', '3 repeated', '2 apply'],
      key: { key: 'k', version: 2 },
    });
  });

  test.each(['latest-wins', 'every-event'] as const)(
    'quarantines the same id with other bytes and goes on (%s)',
    (lateness) => {
      const forged = row(2, 1, { eventId: 'e1', body: 'other bytes' });

      expect(classified(state(0), [row(1, 1), forged, row(3, 2)], { lateness })).toEqual({
        said: ['2 dead', '1 apply', '3 apply'],
        key: { key: 'k', version: 2 },
      });
    },
  );

  test('only records an older version of a latest-wins key', () => {
    expect(classified(state(3), [row(1, 2), row(2, 4)])).toEqual({
      said: ['1 superseded', '2 apply'],
      key: { key: 'k', version: 4 },
    });
  });

  test('applies an older version of an every-event key, and its version stays', () => {
    expect(classified(state(3), [row(1, 2)], { lateness: 'every-event' })).toEqual({
      said: ['1 apply'],
      key: { key: 'k', version: 3 },
    });
  });

  test.each(['latest-wins', 'every-event'] as const)('waits for a missing version (%s)', (lateness) => {
    const result = classified(state(1, secondsAgo(59)), [row(1, 2), row(2, 4), row(3, 5)], { lateness });

    expect(result.said).toEqual(['1 apply']);
    expect(result.key).toEqual({ key: 'k', version: 2, park: 'gap' });
  });

  test('waits for the first version of a key never heard of', () => {
    expect(classified(state(0), [row(1, 2)]).key).toMatchObject({ version: 0, park: 'gap', tooNew: { id: '1' } });
  });

  test('after 60 s goes on with the newest full state of a latest-wins key', () => {
    expect(classified(state(1, secondsAgo(60)), [row(1, 3), row(2, 4)])).toEqual({
      said: ['1 superseded', '2 apply'],
      key: { key: 'k', version: 4, passedGap: true },
    });
  });

  test('after 60 s applies everything there is of an every-event key', () => {
    expect(classified(state(1, secondsAgo(60)), [row(1, 3), row(2, 4)], { lateness: 'every-event' })).toEqual({
      said: ['1 apply', '2 apply'],
      key: { key: 'k', version: 4, passedGap: true },
    });
  });

  test('holds a latest-wins key at a dead letter: what came before is applied, what came after waits', () => {
    expect(classified(state(0), [row(1, 1), poison(2), row(3, 2)])).toEqual({
      said: ['1 apply', '2 dead'],
      key: { key: 'k', version: 1, park: 'dead-letter' },
    });
  });

  test('does not declare a row dead that stands behind a gap', () => {
    expect(classified(state(0), [row(1, 2), poison(2)]).said).toEqual([]);
  });

  test('goes on after a dead letter of an every-event key', () => {
    expect(classified(state(0), [row(1, 1), poison(2), row(3, 2)], { lateness: 'every-event' })).toEqual({
      said: ['2 dead', '1 apply', '3 apply'],
      key: { key: 'k', version: 2 },
    });
  });

  test('takes the events of a system that numbers nothing as they come, each id once', () => {
    const rows = [row(1, 1), row(2, 1), row(3, 1, { eventId: 'e1' }), poison(4), row(5, 7)];

    expect(classified(state(0), rows, { lateness: 'any-order' })).toEqual({
      said: ['3 repeated', '4 dead', '1 apply', '2 apply', '5 apply'],
      key: { key: 'k', version: 0 },
    });
  });

  test('parks nothing for a record without key', () => {
    expect(classified({ ...state(0), key: '' }, [poison(1, ''), poison(2, '')])).toEqual({
      said: ['1 dead', '2 dead'],
      key: { key: '', version: 0 },
    });
  });
});
