import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Consumer } from 'kafkajs';
import type { KafkaConnection, Reach } from './open-kafka.ts';
import { supervise } from './supervise.ts';

const EVENTS = {
  FETCH_START: 'fetch_start',
  FETCH: 'fetch',
  REQUEST_TIMEOUT: 'request_timeout',
  START_BATCH_PROCESS: 'start_batch',
  END_BATCH_PROCESS: 'end_batch',
  COMMIT_OFFSETS: 'commit',
  GROUP_JOIN: 'join',
  REBALANCING: 'rebalancing',
  CRASH: 'crash',
};
const SECOND = 1_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function supervised() {
  const events = new EventEmitter();
  const reach: Reach = { connectedAt: 1, failedAt: 0 };
  const fatal: string[] = [];
  const consumer = Object.assign(events, { events: EVENTS }) as unknown as Consumer;
  const connection = { reach } as unknown as KafkaConnection;
  const supervisor = supervise(consumer, connection, (error) => fatal.push(error.message));
  const emit = (event: keyof typeof EVENTS, payload: object = {}) => events.emit(EVENTS[event], { payload });
  return { emit, fatal, reach, supervisor };
}

describe('supervise', () => {
  test('is content while the consumer polls', () => {
    const { emit, fatal } = supervised();

    for (let second = 0; second < 600; second += 30) {
      emit('FETCH_START');
      jest.advanceTimersByTime(30 * SECOND);
    }

    expect(fatal).toEqual([]);
  });

  test('calls a consumer dead that has not polled for 60 s, once', () => {
    const { emit, fatal } = supervised();
    emit('FETCH_START');

    jest.advanceTimersByTime(59 * SECOND);
    expect(fatal).toEqual([]);
    jest.advanceTimersByTime(600 * SECOND);

    expect(fatal).toEqual(['A subscription has not polled Kafka for too long.']);
  });

  test('gives a batch in hand 120 s for its commit', () => {
    const { emit, fatal } = supervised();
    emit('START_BATCH_PROCESS');

    jest.advanceTimersByTime(119 * SECOND);
    expect(fatal).toEqual([]);
    emit('COMMIT_OFFSETS');
    emit('FETCH_START');
    jest.advanceTimersByTime(50 * SECOND);
    expect(fatal).toEqual([]);

    emit('START_BATCH_PROCESS');
    jest.advanceTimersByTime(130 * SECOND);
    expect(fatal).toEqual(['A subscription has records waiting and commits nothing.']);
  });

  test('does not wait for the commit of what held nothing to commit', () => {
    const { emit, fatal } = supervised();
    emit('START_BATCH_PROCESS');
    emit('END_BATCH_PROCESS');

    for (let second = 0; second < 600; second += 30) {
      emit('FETCH_START');
      jest.advanceTimersByTime(30 * SECOND);
    }

    expect(fatal).toEqual([]);
  });

  test('does not blame a consumer for brokers that are away', () => {
    const { emit, fatal, reach } = supervised();
    emit('START_BATCH_PROCESS');

    for (let second = 0; second < 3_600; second += 20) {
      reach.failedAt = Date.now();
      jest.advanceTimersByTime(20 * SECOND);
    }
    expect(fatal).toEqual([]);

    jest.advanceTimersByTime(160 * SECOND); // no more failures, and still nothing done
    expect(fatal).toHaveLength(1);
  });

  test('does not blame a consumer for a broker that takes connections and answers nothing', () => {
    const { emit, fatal } = supervised();
    emit('FETCH_START');

    for (let second = 0; second < 600; second += 33) {
      jest.advanceTimersByTime(33 * SECOND);
      emit('REQUEST_TIMEOUT');
    }
    expect(fatal).toEqual([]);

    jest.advanceTimersByTime(70 * SECOND);
    expect(fatal).toHaveLength(1);
  });

  test('does not blame a consumer for a database that is locked or away, however long', () => {
    const { emit, fatal, supervisor } = supervised();
    emit('START_BATCH_PROCESS');

    for (let second = 0; second < 3_600; second += 90) {
      jest.advanceTimersByTime(90 * SECOND);
      supervisor.onAway();
    }
    expect(fatal).toEqual([]);

    jest.advanceTimersByTime(130 * SECOND); // it is away no more, or does not even say so
    expect(fatal).toEqual(['A subscription has records waiting and commits nothing.']);
  });

  test('tells how many records wait at the broker, until the partitions go to somebody else', () => {
    const { emit, supervisor } = supervised();
    const batch = { topic: 'told', highWatermark: '110', firstOffset: '10', offsetLag: '60' };

    emit('START_BATCH_PROCESS', { ...batch, partition: 0 });
    emit('START_BATCH_PROCESS', { ...batch, partition: 1 });
    expect(supervisor.progress().lagRecords).toBe(200);
    emit('END_BATCH_PROCESS', { ...batch, partition: 0 });
    expect(supervisor.progress().lagRecords).toBe(160);

    emit('REBALANCING');
    expect(supervisor.progress().lagRecords).toBe(0);
  });

  test('calls a crash without restart fatal at once, one with restart not', () => {
    const { emit, fatal, supervisor } = supervised();
    emit('GROUP_JOIN', { memberAssignment: { told: [0] } });
    expect(supervisor.progress().assigned).toEqual({ told: [0] });

    emit('CRASH', { restart: true, error: new Error('an answer that cannot be read') });
    expect(supervisor.progress().assigned).toBeNull();
    expect(supervisor.progress().troubles).toEqual(['Kafka cannot be read: an answer that cannot be read']);
    expect(fatal).toEqual([]);
    supervisor.troubles.set('told 3', 'the broker does not give told [3]');
    emit('GROUP_JOIN', { memberAssignment: { told: [0] } });
    expect(supervisor.progress().troubles).toEqual(['Kafka cannot be read: an answer that cannot be read']);
    emit('FETCH');
    expect(supervisor.progress().troubles).toEqual([]);
    emit('CRASH', { restart: false, error: new TypeError('of the handler') });

    expect(fatal).toEqual(['The Kafka client gave up a subscription.']);
  });

  test('says nothing more once it was stopped', () => {
    const { emit, fatal, supervisor } = supervised();
    supervisor.stop();

    emit('CRASH', { restart: false, error: new Error('late') });
    jest.advanceTimersByTime(600 * SECOND);

    expect(fatal).toEqual([]);
  });
});
