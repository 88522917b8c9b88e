import type { ParkedItem } from '../src/store/messages/park-item.ts';
import type { Recording } from '../src/dispatch/outcome-recorder.ts';

/** How recorders of a test tell: failures on the console, parked items where the test looks. */
export function recording(parked: ParkedItem['kind'][] = []): Recording {
  return {
    onFailure: (error) => console.error(error),
    retryAfterMs: () => 50,
    onParked: (kind) => parked.push(kind),
  };
}
