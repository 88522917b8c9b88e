import { expect, test } from '@jest/globals';
import { type Cause, classTable, rowsByClass } from './by-class.ts';
import { causesOf } from './causes.ts';
import type { Story } from './story.ts';
import type { SentText } from './text-log.ts';

const STORM = { outages: 3, bills: 9, contract: 100, seconds: 12, parts: 600, concerned: 90, told: 7 };
const passed = (at: number, lastAt = at, parts = 1) => ({ at, lastAt, parts });

test('a class has its causes, texts and waits; a cause of which nobody was told has none', () => {
  const causes: Cause[] = [
    { of: 'unplanned', saidAt: 1_000, texts: [passed(3_000), passed(2_000, 9_000, 2)] },
    { of: 'unplanned', saidAt: 2_000, texts: [passed(6_000)] },
    { of: 'unplanned', saidAt: 3_000, texts: [] },
  ];
  const rows = rowsByClass(causes);
  expect(rows.find(({ of }) => of === 'unplanned')).toEqual({
    ...{ of: 'unplanned', causes: 2, texts: 3, parts: 4 },
    ...{ first: { min: 1, median: 2.5, max: 4 }, last: { min: 4, median: 6, max: 8 } },
  });
  expect(rows.find(({ of }) => of === 'bill')).toMatchObject({ causes: 0, texts: 0, first: null, last: null });

  const { title, head, rows: cells } = classTable(rows, STORM);
  expect(title).toContain('It took 12 s at 50 parts/s; of 90 mobiles with an account under a cut 7 were told so');
  expect(cells[0]).toEqual(['unplanned', '2', '3', '4', '1.0 / 2.5 / 4.0', '4.0 / 6.0 / 8.0']);
  expect(cells.every(({ length }) => length === head.length)).toBe(true);
});

const sent = (mobile: string, key: string, at: number, id: string, text = ''): SentText => ({
  ...{ mobile, key, text, at, lastAt: at, parts: 1, ids: [id] },
});
const once = (saidAt: number) => ({ version: 1, askedAt: saidAt, saidAt, until: saidAt });

test('each text is put to what it tells of, and to nothing else', () => {
  const story: Story = {
    beganAt: 0,
    outages: [{ id: 'one', nodes: [], times: [once(10), once(20)], restored: once(30) }],
    planned: { id: 'work', saidAt: 40 },
    complaints: [{ accountNumber: '6000001111', saidAt: 50 }],
    payments: [{ accountNumber: '6000002222', saidAt: 60 }],
    bills: { count: 2, saidAt: 5 },
  };
  const people = new Map([
    [
      'a',
      [
        { account: '6000001111', node: 'DT-1' },
        { account: '6000002222', node: 'DT-1' },
      ],
    ],
  ]);
  const texts = [
    sent('a', 'unplanned.one.en', 11, '1'),
    sent('a', 'untimed.one.en', 12, '2'),
    sent('a', 'estimate.one.en', 21, '3'),
    sent('a', 'restored.one.en', 31, '4'),
    sent('a', 'planned.same-day.one.en', 41, '5'),
    sent('a', 'complaint-answered.en', 51, '6', 'Complaint C-1: power is off.'),
    sent('a', 'payment.owed.en', 59, '7', 'A/c 2222: payment'),
    sent('a', 'payment.owed.en', 61, '8', 'A/c 2222: payment'),
    sent('a', 'payment.owed.en', 62, '9', 'A/c 1111: payment'),
    sent('a', 'bill.due.en', 6, '10', 'A/c 2222: bill'),
  ];
  const threads = new Map([...['1', '2', '3', '4'].map((id) => [id, 'outage:one'] as const), ['5', 'outage:work']]);

  const told = causesOf(texts, { story, threads, people }).map(({ of, texts: all }) => [
    ...[of, all.flatMap(({ ids }) => ids)],
  ]);
  expect(told).toEqual([
    ['unplanned', ['1', '2']],
    ['new time', ['3']],
    ['restored', ['4']],
    ['planned', ['5']],
    ['complaint', ['6']],
    ['payment', ['8']],
    ['bill', ['10']],
  ]);
});
