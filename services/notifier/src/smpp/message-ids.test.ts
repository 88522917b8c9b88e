import { describe, expect, test } from '@jest/globals';
import { type MessageIdForm, messageIds } from './message-ids.ts';

describe('message ids', () => {
  test.each<[form: MessageIdForm, answer: string, receipt: string]>([
    ['as-is', '00A7', '00A7'],
    ['hex', '00A7', 'a7'],
    ['hex', 'a7', '00000000A7'],
    ['decimal', '0000000167', '167'],
    ['hex-to-decimal', '00A7', '0000000167'],
    ['hex-to-decimal', 'FFFFFFFFFFFFFFFF', '18446744073709551615'],
    ['decimal-to-hex', '167', '00A7'],
    ['hex', '7f0c-uuid', '7f0c-uuid'],
    ['decimal', '', ''],
  ])('%s: an answer of %p is the receipt of %p', (form, answer, receipt) => {
    const ids = messageIds(form);

    expect(ids.ofReceipt(receipt)).toBe(ids.ofAnswer(answer));
  });

  test.each<[form: MessageIdForm, answer: string, receipt: string]>([
    ['as-is', '00A7', 'a7'],
    ['as-is', '00A7', '167'],
    ['hex', '00A7', '167'],
    ['decimal', '167', '00A7'],
    ['hex-to-decimal', '00A7', '168'],
  ])('%s: an answer of %p is not the receipt of %p', (form, answer, receipt) => {
    const ids = messageIds(form);

    expect(ids.ofReceipt(receipt)).not.toBe(ids.ofAnswer(answer));
  });

  test('are kept as the provider’s answer writes them', () => {
    expect(messageIds('hex-to-decimal').ofReceipt('167')).toBe('a7');
    expect(messageIds('decimal-to-hex').ofReceipt('A7')).toBe('167');
  });
});
