import { describe, expect, test } from '@jest/globals';
import { readConfig } from './config.ts';
import { wellBehaved } from './domain/behaviour.ts';

const least = { SMPP_SYSTEM_ID: 'bijli', SMPP_PASSWORD: 'secret', PDU_LOG: 'pdus.jsonl' };

describe('config', () => {
  test('needs the account and the log, and names all that is missing', () => {
    expect(() => readConfig({})).toThrow(/SMPP_SYSTEM_ID[\s\S]*SMPP_PASSWORD[\s\S]*PDU_LOG/);
    expect(readConfig(least)).toMatchObject({
      host: '127.0.0.1',
      port: 18_006,
      smppPort: 18_007,
      behaviour: wellBehaved,
    });
  });

  test('takes knobs as JSON and refuses what is none', () => {
    const { behaviour } = readConfig({
      ...least,
      SIMULATOR_BEHAVIOUR: '{"answerDelayMs":50,"receiptDelayMs":{"least":0,"most":10}}',
    });
    expect(behaviour).toEqual({ ...wellBehaved, answerDelayMs: 50, receiptDelayMs: { least: 0, most: 10 } });
    expect(() => readConfig({ ...least, SIMULATOR_BEHAVIOUR: '{' })).toThrow('SIMULATOR_BEHAVIOUR: is not JSON');
    expect(() => readConfig({ ...least, SIMULATOR_BEHAVIOUR: '{"noAnswerRate":2}' })).toThrow(
      'SIMULATOR_BEHAVIOUR: noAnswerRate',
    );
    expect(() => readConfig({ ...least, SIMULATOR_BEHAVIOUR: '{"unknown":1}' })).toThrow('SIMULATOR_BEHAVIOUR');
  });
});
