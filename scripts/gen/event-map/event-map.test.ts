import { describe, expect, test } from '@jest/globals';
import { eventMap, hearingsIn, withEventMap } from './event-map.ts';

const topics = {
  'outage.outage.v1': { owner: 'outage', cleanup: 'delete' },
  'a.b.v1': { owner: 'a', cleanup: 'compact' },
};
const source = `return [\n  inbox('outage.outage.v1', { name: 'outages', lateness: 'latest-wins' }),\n  projection('a.b.v1', {\n    name: 'bees',\n  }),\n]`;

describe('the event map', () => {
  test('shows who says and who hears each topic', () => {
    expect(eventMap(topics, hearingsIn('notifier', source))).toBe(
      [
        '| topic | said by | heard by | kept |',
        '| --- | --- | --- | --- |',
        '| `outage.outage.v1` | outage | notifier (inbox outages) | delete |',
        '| `a.b.v1` | a | notifier (projection bees) | compact |',
      ].join('\n'),
    );
  });

  test('refuses a subscription to a topic that nobody declared', () => {
    expect(() => eventMap({}, hearingsIn('notifier', source))).toThrow(
      'notifier hears outage.outage.v1, which is not declared',
    );
  });

  test('replaces the old table and nothing else', () => {
    const text = 'before\n<!-- event map: x -->\n| old |\n<!-- end of event map -->\nafter\n';

    expect(withEventMap(text, '| new |')).toBe(
      'before\n<!-- event map: x -->\n\n| new |\n\n<!-- end of event map -->\nafter\n',
    );
    expect(() => withEventMap('no markers', '')).toThrow('no place');
  });
});
