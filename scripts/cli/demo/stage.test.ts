import { describe, expect, test } from '@jest/globals';
import { openStage, wrapped } from './stage.ts';

const person = { accountNumber: '4100000001', mobile: '9811111101', language: 'hi', feeder: 'F-1' } as const;

function shown(live: boolean, play: (stage: ReturnType<typeof openStage>) => void): string {
  let text = '';
  play(openStage({ live, write: (more) => void (text += more) }));
  return text;
}

describe('the stage', () => {
  test('writes whole plain lines where nobody watches: counts only when they are settled', () => {
    const text = shown(false, (stage) => {
      stage.scene('बिजली गई', 'a feeder goes dark');
      stage.count('1 told');
      stage.settle('2 told');
    });

    expect(text).toContain('1. बिजली गई  ·  a feeder goes dark\n');
    expect(text).not.toContain('1 told');
    expect(text).toContain('✓ 2 told\n');
    expect(text).not.toContain('\u001b');
  });

  test('changes the line of counts in place at a terminal', () => {
    expect(shown(true, (stage) => stage.count('1 told'))).toMatch(/^\r.*1 told$/);
  });

  test('shows a handset with its text and never its number', () => {
    const text = shown(false, (stage) => stage.handset(person, 'खाता 0001: बिजली बंद'));

    expect(text).toContain('98••••••01 (हिन्दी)');
    expect(text).not.toContain(person.mobile);
  });

  test('cuts a text at its spaces and loses no word', () => {
    const text = 'A/c 0001: power is off. Cause: line fault. Expected back by 30-01 14:00. Help: 1912. UPPCL';

    expect(wrapped(text, 20).every((line) => line.length <= 20)).toBe(true);
    expect(wrapped(text, 20).join(' ')).toBe(text);
  });
});
