import { expect } from '@jest/globals';

/**
 * Turns a pure `decide(state, command, now)` into a sentence:
 * `decideCase(decide).given(state).when(command, now).then(decision)`.
 */
export function decideCase<State, Command, Decision>(decide: (state: State, command: Command, now: Date) => Decision) {
  return {
    given: (state: State) => ({
      when: (command: Command, now: Date) => ({
        then(expected: Decision): void {
          expect(decide(state, command, now)).toEqual(expected);
        },
      }),
    }),
  };
}
