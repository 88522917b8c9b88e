import type { StartSettings } from '@bijli/start/settings';
import type { Ask } from './find-traces.ts';

const NOT_FOUND = 404;
const ANSWER_WITHIN_MS = 5_000;

/** Asks services over HTTP, and remembers whom it asked and whether they answered. */
export type Asking = {
  readonly ask: Ask;
  /** Says in words who was asked where. */
  asked(): string;
};

/** Makes what asks the services of a started system. One that does not answer knows nothing, and is named by `asked`. */
export function askServices({ ports }: StartSettings): Asking {
  const answers = new Map<string, string>();
  const note = (service: keyof typeof ports, what: string): void =>
    void answers.set(service, `${service} on port ${ports[service]} (${what})`);
  return {
    ask: async (service, path) => {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const response = await fetch(`http://127.0.0.1:${ports[service]}${path}`, { signal }).catch(() => null);
      if (response === null) {
        note(service, 'no answer');
        return null;
      }
      if (response.status !== NOT_FOUND && !response.ok) {
        note(service, `answered ${response.status}`);
        return null;
      }
      note(service, response.ok ? 'answered' : 'does not know it');
      return response.ok ? ((await response.json()) as Record<string, unknown>) : null;
    },
    asked: () => [...answers.values()].join(', '),
  };
}
