import { describe, expect, test } from '@jest/globals';
import { eventsPage } from './events-page.ts';

describe('eventsPage', () => {
  test('tells of each field what the schema says, of inner records too', () => {
    const reading = {
      type: 'record',
      name: 'Reading',
      doc: 'One reading.',
      fields: [{ name: 'kilowatts', type: 'long', doc: 'Load.' }],
    };
    const page = eventsPage([
      {
        topic: 'metering.meter.v1',
        owner: 'metering',
        keptAs: 'delete',
        schema: {
          type: 'record',
          name: 'MeterEvent',
          doc: 'What a meter said.',
          fields: [
            { name: 'type', type: 'string', doc: 'What happened.', knownValues: ['Read', 'Failed'] },
            { name: 'endedAt', type: ['null', { type: 'long', logicalType: 'timestamp-millis' }], doc: 'When.' },
            { name: 'readings', type: { type: 'array', items: reading }, doc: 'All of them.' },
          ],
        },
      },
    ]);

    expect(page.split('\n').slice(4)).toEqual([
      '## metering.meter.v1',
      '',
      'Said by metering; kept as delete. What a meter said.',
      '',
      '| field | type | means |',
      '| --- | --- | --- |',
      '| type | string | What happened. One of: `Read`, `Failed`. |',
      '| endedAt | timestamp-millis or null | When. |',
      '| readings | list of Reading | All of them. |',
      '',
      'Reading: One reading.',
      '',
      '| field | type | means |',
      '| --- | --- | --- |',
      '| kilowatts | long | Load. |',
      '',
    ]);
  });
});
