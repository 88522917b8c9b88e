import { describe, expect, test } from '@jest/globals';
import { decideCase } from './decide-case.ts';

type Lamp = { readonly lit: boolean };
const now = new Date('2026-01-30T08:30:00Z');

function press(lamp: Lamp, _command: 'press', at: Date) {
  return { accepted: true, state: { lit: !lamp.lit }, events: [{ type: 'Pressed', at }] };
}

describe('decideCase', () => {
  const lamp = decideCase(press);

  test('passes when the decision is the expected one', () => {
    lamp
      .given({ lit: false })
      .when('press', now)
      .then({ accepted: true, state: { lit: true }, events: [{ type: 'Pressed', at: now }] });
  });

  test('fails when it is another', () => {
    const sentence = lamp.given({ lit: false }).when('press', now);

    expect(() => sentence.then({ accepted: true, state: { lit: false }, events: [] })).toThrow('toEqual');
  });
});
