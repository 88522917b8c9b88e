import { describe, expect, test } from '@jest/globals';
import { commandIds, commandName, isResponse, responseId } from './command-id.ts';
import { commandStatusName } from './command-status.ts';

describe('command ids', () => {
  test('name every PDU, and nothing else', () => {
    for (const [name, id] of Object.entries(commandIds)) expect(commandName(id)).toBe(name);
    expect(commandName(0x00000102)).toBeNull();
  });

  test('pair a request with its response', () => {
    for (const [name, id] of Object.entries(commandIds)) {
      const isAnswer = name.endsWith('_resp') || name === 'generic_nack';
      expect(isResponse(id)).toBe(isAnswer);
      if (!isAnswer) expect(commandName(responseId(id))).toBe(`${name}_resp`);
    }
  });

  test('come with named statuses', () => {
    expect(commandStatusName(0x58)).toBe('ESME_RTHROTTLED');
    expect(commandStatusName(0x401)).toBe('0x00000401');
  });
});
