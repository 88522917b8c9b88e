import { afterEach, expect, test } from '@jest/globals';
import { testKafkaBrokers } from './test-kafka-brokers.ts';

const given = process.env['TEST_KAFKA_BROKERS'];

afterEach(() => {
  if (given === undefined) delete process.env['TEST_KAFKA_BROKERS'];
  else process.env['TEST_KAFKA_BROKERS'] = given;
});

test('testKafkaBrokers answers a list', () => {
  process.env['TEST_KAFKA_BROKERS'] = '127.0.0.1:1,127.0.0.1:2';

  expect(testKafkaBrokers()).toEqual(['127.0.0.1:1', '127.0.0.1:2']);
});

test('testKafkaBrokers says how to get brokers when there are none', () => {
  delete process.env['TEST_KAFKA_BROKERS'];

  expect(testKafkaBrokers).toThrow('*.component.test.ts');
});
