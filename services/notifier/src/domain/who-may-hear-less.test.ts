import { describe, expect, test } from '@jest/globals';
import { type ContactState, whoMayHearLess } from './who-may-hear-less.ts';

const contact: ContactState = {
  connectionId: '019c0d6e-0000-7000-8000-000000000001',
  contactNo: 1,
  connectionState: 'active',
  mobileIndex: 7n,
  numberState: 'collected',
  wantsOutages: true,
  wantsBilling: true,
  wantsComplaints: true,
};
const key = { connectionId: contact.connectionId, contactNo: 1 };

describe('a text that waits may not go any more to one', () => {
  test.each<[string, Partial<ContactState>]>([
    ['whose number is another one', { mobileIndex: 8n }],
    ['whose number is revoked', { numberState: 'revoked' }],
    ['who refuses news of outages', { wantsOutages: false }],
    ['who refuses news of bills', { wantsBilling: false }],
    ['who refuses news of complaints', { wantsComplaints: false }],
    ['whose connection is not active', { connectionState: 'disconnected' }],
  ])('%s', (_who, change) => {
    expect(whoMayHearLess([contact], [{ ...contact, ...change }])).toMatchObject([key]);
    expect(whoMayHearLess([{ ...contact, ...change }], [{ ...contact, ...change }])).toEqual([]);
  });

  test('who is gone', () => {
    expect(whoMayHearLess([contact], [{ ...contact, contactNo: 2 }])).toMatchObject([key]);
  });

  test('but to all others, and to who hears more', () => {
    expect(whoMayHearLess([contact], [contact])).toEqual([]);
    expect(whoMayHearLess([{ ...contact, wantsOutages: false, numberState: 'suspect' }], [contact])).toEqual([]);
    expect(whoMayHearLess([], [contact])).toEqual([]);
  });
});
