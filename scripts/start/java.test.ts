import { describe, expect, test } from '@jest/globals';
import { findJava, majorVersion } from './java.ts';

describe('majorVersion', () => {
  test.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "25" 2025-09-16', 25],
    ['openjdk version "21-ea" 2023-09-19', 21],
  ])('reads %s as %i', (text, version) => {
    expect(majorVersion(text)).toBe(version);
  });
});

test('findJava passes over a JAVA_HOME that holds none', async () => {
  const java = await findJava({ JAVA_HOME: '/nowhere', PATH: process.env['PATH'] });

  expect(java?.program).not.toBe('/nowhere/bin/java');
});
