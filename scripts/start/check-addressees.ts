import { townIsLoaded } from './load-town.ts';
import { StartProblem } from './problem.ts';
import type { StartSettings } from './settings.ts';

/**
 * Sees that an SMSC of the user's own does not get the texts of an earlier demonstration.
 * @throws StartProblem when the data hold its town and nobody asked for that.
 */
export function checkAddressees({ dataFolder, ownSmsc, fresh, withTown }: StartSettings): void {
  if (!ownSmsc || withTown || fresh || !townIsLoaded(dataFolder)) return;
  const fix = 'choose other data (BIJLI_DATA), forget these (npm start -- --fresh), or say that it is meant (--town)';
  throw new StartProblem(
    `${dataFolder} holds the demonstration town, and SMPP_HOST would text its made-up numbers, which may be somebody's: ${fix}.`,
  );
}
