import { describe, expect, test } from '@jest/globals';
import kafkajs, { type Kafka } from 'kafkajs';
import { awaitTopics } from './await-topics.ts';

const QUICK = { withinMs: 5_000, everyMs: 1 };
const known = { topics: [{ name: 'made', partitions: [] }] };

/** The protocol's own error, as kafkajs makes it of an answer. */
function answerOf(type: string): Error {
  return new kafkajs.KafkaJSProtocolError({ name: 'x', message: type, type, code: 3, retriable: true } as never);
}

/** A client whose administrators' questions are answered by these errors, one after the other, and then well. */
function answering(...errors: readonly Error[]) {
  const left = [...errors];
  const unheld: Error[] = [];
  let asked = 0;
  let open = 0;
  const openAdmin = () => ({
    connect: async () => {
      open += 1;
    },
    disconnect: async () => {
      open -= 1;
    },
    fetchTopicMetadata: async () => {
      asked += 1;
      const error = left.shift();
      if (error !== undefined) throw error;
      return known;
    },
    fetchTopicOffsets: async () => {
      const error = unheld.shift();
      if (error !== undefined) throw error;
      return [];
    },
  });
  const client = { admin: openAdmin } as unknown as Kafka;
  return { client, unheld, asked: () => asked, leftOpen: () => open };
}

describe('awaitTopics', () => {
  test('asks again while the broker has not heard of a topic, or knows no leader', async () => {
    const wrapped = new kafkajs.KafkaJSNumberOfRetriesExceeded(answerOf('LEADER_NOT_AVAILABLE'), {
      retryCount: 5,
      retryTime: 1,
    });
    const { client, asked } = answering(
      answerOf('UNKNOWN_TOPIC_OR_PARTITION'),
      answerOf('LEADER_NOT_AVAILABLE'),
      wrapped,
    );

    expect(await awaitTopics(client, ['made'], QUICK)).toEqual(known.topics);
    expect(asked()).toBe(4);
  });

  test('asks again while a leader that is known by name does not answer for its partitions', async () => {
    const { client, unheld, asked, leftOpen } = answering();
    unheld.push(answerOf('NOT_LEADER_FOR_PARTITION'), answerOf('UNKNOWN_TOPIC_OR_PARTITION'));

    expect(await awaitTopics(client, ['made'], QUICK)).toEqual(known.topics);
    expect({ asked: asked(), leftOpen: leftOpen() }).toEqual({ asked: 3, leftOpen: 0 });
  });

  test('passes on every other answer at once', async () => {
    const { client, asked } = answering(answerOf('TOPIC_AUTHORIZATION_FAILED'));

    await expect(awaitTopics(client, ['made'], QUICK)).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
    expect(asked()).toBe(1);
  });

  test('passes on the answer when its patience is over', async () => {
    const { client } = answering(answerOf('UNKNOWN_TOPIC_OR_PARTITION'), answerOf('UNKNOWN_TOPIC_OR_PARTITION'));

    const waiting = awaitTopics(client, ['gone'], { withinMs: 0, everyMs: 1 });
    await expect(waiting).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
  });
});
