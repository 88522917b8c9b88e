import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@bijli/start/free-ports';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openOwnLink, sendSlice } from '../peers/own-link.ts';
import { type Sink, startSink } from '../sink.ts';
import { startTap, type TextTap } from './text-log.ts';

const UDH = (part: number) => Buffer.from([5, 0, 3, 9, 2, part]);
const ucs2 = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('a tap', () => {
  let folder: string;
  let sink: Sink;
  let tap: TextTap;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bijli-tap-'));
    const [smsc = 0, port = 0] = await freePorts(2);
    tap = await startTap(port, smsc, folder);
    sink = await startSink(smsc, folder);
  });
  afterAll(async () => {
    await tap.stop();
    await sink.stop();
    await rm(folder, { recursive: true });
  });

  test('lets a link and its SMSC speak, receipts too, and reads whole texts with the ids that they were given', async () => {
    const received: string[] = [];
    const all = Promise.withResolvers<void>();
    const link = await openOwnLink(tap.port, async (receipts) => {
      received.push(...receipts.map(({ messageId }) => messageId));
      if (received.length === 3) all.resolve();
    });
    const address = { destination: '919811111101', templateId: '1107160000000000009' };
    const outcomes = await sendSlice(link, [
      { ...address, ref: 1, coding: 'ucs-2', parts: [ucs2('खाता 1234')] },
      {
        ...address,
        ref: 2,
        coding: 'ucs-2',
        parts: [Buffer.concat([UDH(1), ucs2('बिजली ')]), Buffer.concat([UDH(2), ucs2('बंद')])],
      },
    ]);
    await all.promise;
    await link.stop();

    const { texts, partTimes } = await tap.texts();
    expect(texts.map(({ mobile, key, text, parts }) => ({ mobile, key, text, parts }))).toEqual([
      { mobile: '9811111101', key: 'unplanned.one.hi', text: 'खाता 1234', parts: 1 },
      { mobile: '9811111101', key: 'unplanned.one.hi', text: 'बिजली बंद', parts: 2 },
    ]);
    expect(outcomes).toHaveLength(3);
    expect(texts.flatMap(({ ids }) => ids).toSorted()).toEqual(received.toSorted());
    expect(partTimes).toHaveLength(3);
    expect(await sink.since(0)).toHaveLength(3);
  });
});
