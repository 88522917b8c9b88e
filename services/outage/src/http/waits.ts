import { activeTraceparent } from '@bijli/tracing';
import type { Wait } from '../domain/commands.ts';
import type { HttpContext } from './context.ts';

type Waiting = { readonly wait?: Wait };

/** That a person may take back what is told of planned work; nothing where that is told at once. */
export function undoable({ undoMs }: HttpContext): Waiting {
  return undoMs === 0 ? {} : { wait: { reason: 'undo-window', ms: undoMs, traceparent: activeTraceparent() } };
}

/** That what a machine says waits for a person's word; nothing where a person said it. */
export function unlessConfirmed(
  { holdDownMs }: HttpContext,
  { isConfirmed = true }: { readonly isConfirmed?: boolean | undefined },
): Waiting {
  if (isConfirmed || holdDownMs === 0) return {};
  return { wait: { reason: 'hold-down', ms: holdDownMs, traceparent: activeTraceparent() } };
}
