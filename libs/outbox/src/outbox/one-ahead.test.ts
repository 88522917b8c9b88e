import { describe, expect, test } from '@jest/globals';
import { oneAhead } from './one-ahead.ts';

/** Pieces from 1 on, and what happened to them. */
function watched(pieces: number, failAt?: number) {
  const told: string[] = [];
  async function* source(): AsyncGenerator<number> {
    try {
      for (let piece = 1; piece <= pieces; piece += 1) {
        if (piece === failAt) throw new Error(`no piece ${piece}`);
        told.push(`made ${piece}`);
        yield piece;
      }
    } finally {
      told.push('closed');
    }
  }
  return { told, source: source() };
}

describe('oneAhead', () => {
  test('gives every piece in its order, each after the next was asked for', async () => {
    const { told, source } = watched(3);

    for await (const piece of oneAhead(source)) told.push(`used ${piece}`);

    expect(told).toEqual(['made 1', 'made 2', 'used 1', 'made 3', 'used 2', 'closed', 'used 3']);
  });

  test('gives what was made before a failure, then fails', async () => {
    const { told, source } = watched(3, 3);
    const use = async (): Promise<void> => {
      for await (const piece of oneAhead(source)) told.push(`used ${piece}`);
    };

    await expect(use()).rejects.toThrow('no piece 3');
    expect(told.filter((what) => what.startsWith('used'))).toEqual(['used 1', 'used 2']);
  });

  test('closes the source when nobody wants more', async () => {
    const { told, source } = watched(9);

    for await (const piece of oneAhead(source)) if (piece === 2) break;

    expect(told).toEqual(['made 1', 'made 2', 'made 3', 'closed']);
  });
});
