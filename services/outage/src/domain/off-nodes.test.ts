import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { network } from '../../test/an-outage.ts';
import { above, isWithin, networkOf } from './network.ts';
import { isAnyBack, isOff, type OffNodes, offOf, sizeOf, stillOff } from './off-nodes.ts';

const off = (nodeIds: string[], ownNodeIds: string[] = []): OffNodes => ({ nodeIds, ownNodeIds });
const named = (nodeIds: string[], exceptNodeIds: string[] = []) => ({ nodeIds, exceptNodeIds });
const sorted = ({ nodeIds, ownNodeIds }: OffNodes) => off(nodeIds.toSorted(), ownNodeIds.toSorted());

describe('what is off', () => {
  test.each<[string, ReturnType<typeof named>, OffNodes]>([
    ['the named nodes', named(['F-1', 'DT-4']), off(['F-1', 'DT-4'])],
    ['what hangs beside an excepted node', named(['F-1'], ['DT-2']), off(['DT-1', 'DT-3'], ['F-1'])],
    ['the same two levels down', named(['S-1'], ['DT-2']), off(['F-2', 'DT-1', 'DT-3'], ['F-1', 'S-1'])],
    ['what hangs directly, where all below is excepted', named(['F-2'], ['DT-4']), off([], ['F-2'])],
    ['nothing, where all is excepted', named(['F-1'], ['F-1']), off([])],
    ['nothing below an excepted node, whatever else is', named(['S-1'], ['F-1', 'DT-2']), off(['F-2'], ['S-1'])],
  ])('is %s', (_what, given, expected) => {
    expect(sorted(offOf(given, network))).toEqual(sorted(expected));
  });

  test.each<[string, OffNodes, ReturnType<typeof named>, OffNodes]>([
    ['a feeder without one transformer', off(['F-1']), named(['DT-1']), off(['DT-2', 'DT-3'], ['F-1'])],
    ['less with a second step', off(['DT-2', 'DT-3'], ['F-1']), named(['DT-3']), off(['DT-2'], ['F-1'])],
    ['nothing when the feeder is back', off(['DT-2'], ['F-1']), named(['F-1']), off([])],
    ['what the step excepts', off(['F-1', 'F-2']), named(['F-1', 'F-2'], ['DT-1']), off(['DT-1'])],
    ['what is off of that', off(['DT-2', 'DT-3'], ['F-1']), named(['F-1'], ['DT-2']), off(['DT-2'])],
    ['what was named beside its feeder', off(['F-1', 'DT-1']), named(['DT-1']), off(['DT-2', 'DT-3'], ['F-1'])],
    ['as it was, where the step excepts all', off(['F-1']), named(['F-1'], ['F-1']), off(['F-1'])],
  ])('is %s', (_what, before, step, expected) => {
    expect(sorted(stillOff(before, step, network))).toEqual(sorted(expected));
  });

  test('is asked for a node, what is above it and what is below it', () => {
    const some = off(['DT-2'], ['F-2']);

    expect(['DT-2', 'F-1', 'S-1', 'F-2'].map((code) => isOff(some, code, network))).toEqual([true, true, true, true]);
    expect(['DT-1', 'DT-4'].map((code) => isOff(some, code, network))).toEqual([false, false]);
  });
});

test('a circle of nodes comes to an end', () => {
  const circle = networkOf([
    { code: 'A', parentCode: 'B' },
    { code: 'B', parentCode: 'C' },
    { code: 'C', parentCode: 'A' },
  ]);

  expect(above(circle, 'A')).toEqual(['B', 'C']);
});

describe('any steps in any order', () => {
  const codes = ['S-1', 'F-1', 'F-2', 'DT-1', 'DT-2', 'DT-3', 'DT-4'];
  const some = fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1, maxLength: 4 });
  const steps = fc.array(fc.record({ nodeIds: some, exceptNodeIds: fc.uniqueArray(fc.constantFrom(...codes)) }), {
    maxLength: 6,
  });
  /** What hangs on each node directly, one by one: the truth that the few codes stand for. */
  const own = (nodes: OffNodes): Set<string> =>
    new Set(codes.filter((code) => nodes.ownNodeIds.includes(code) || isWithin(network, code, new Set(nodes.nodeIds))));
  const below = (roots: readonly string[]) => codes.filter((code) => isWithin(network, code, new Set(roots)));

  test('leave off exactly what no step brought back, and name no node twice', () => {
    fc.assert(
      fc.property(some, steps, (first, sequence) => {
        let nodes = offOf(named(first), network);
        let truth = new Set(below(first));
        for (const { nodeIds, exceptNodeIds } of sequence) {
          // A command that excepts others is refused.
          const step = named(
            nodeIds,
            exceptNodeIds.filter((code) => isWithin(network, code, new Set(nodeIds))),
          );
          const back = new Set(below(step.nodeIds));
          const kept = new Set(below(step.exceptNodeIds));
          truth = new Set([...truth].filter((code) => !back.has(code) || kept.has(code)));
          const before = nodes;
          nodes = stillOff(nodes, step, network);

          expect(isAnyBack(before, step, network)).toBe(own(before).size > truth.size);
          expect(own(nodes)).toEqual(truth);
          expect(sizeOf(nodes)).toBe(new Set([...nodes.nodeIds, ...nodes.ownNodeIds]).size);
        }
      }),
      { numRuns: 500 },
    );
  });
});
