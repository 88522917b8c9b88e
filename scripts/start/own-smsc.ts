import { resolve } from 'node:path';
import { StartProblem } from './problem.ts';
import { userFolder } from './user-folder.ts';

/** The user's own provider account: its variables for the notifier, and where it is in words without a secret. */
export type OwnSmsc = { readonly env: Record<string, string>; readonly shown: string };

const ofProvider = /^(SMPP_\w+|SMS_HEADER|DLT_\w+|TEMPLATES_FILE)$/;
const saysWhere = ['SMPP_SYSTEM_ID', 'SMPP_PASSWORD', 'SMPP_PASSWORD_FILE', 'SMPP_PORT', 'SMPP_TLS'];
/** The demonstration's own header and ids are nobody's to send under; a file of texts names one's own. */
const needed = [
  ['SMPP_SYSTEM_ID'],
  ['SMPP_PASSWORD_FILE', 'SMPP_PASSWORD'],
  ['SMS_HEADER', 'TEMPLATES_FILE'],
  ['DLT_ENTITY_ID', 'TEMPLATES_FILE'],
];
const usualPort = '2775';

/**
 * The variables that tell about the provider account, and about what is sent through it. Files are named as seen from the user's folder, and a service runs in another:
 * their names are made whole.
 */
export function providerVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const from = userFolder(env);
  const given = Object.entries(env).filter((pair): pair is [string, string] => ofProvider.test(pair[0]) && !!pair[1]);
  return Object.fromEntries(
    given.map(([name, value]) => [name, name.endsWith('_FILE') ? resolve(from, value) : value]),
  );
}

/**
 * Reads the provider account that stands in for the simulator: there is one when SMPP_HOST is set, null when not.
 * @throws StartProblem when it is told in part only; what each variable may be is the notifier's to judge.
 */
export function readOwnSmsc(env: NodeJS.ProcessEnv): OwnSmsc | null {
  const variables = providerVariables(env);
  const host = variables['SMPP_HOST'];
  if (host === undefined) {
    const stray = saysWhere.find((name) => variables[name] !== undefined);
    if (!stray) return null;
    throw new StartProblem(
      `${stray} is set, SMPP_HOST is not: set it to your SMSC, or unset ${stray} for the simulator.`,
    );
  }
  const missing = needed.filter((names) => names.every((name) => variables[name] === undefined));
  if (missing.length > 0) {
    const names = missing.map(([name = '']) => name).join(', ');
    throw new StartProblem(`SMPP_HOST names an SMSC of your own: set ${names} too (docs/how-to/add-provider.md).`);
  }
  const security = /^(true|1)$/.test(variables['SMPP_TLS'] ?? '') ? 'with TLS' : 'without TLS';
  const place = `${host}:${variables['SMPP_PORT'] ?? usualPort}`;
  return {
    env: variables,
    shown: `${variables['SMPP_SYSTEM_ID']} at ${place} ${security}, as ${variables['SMS_HEADER'] ?? 'TEMPLATES_FILE says'}`,
  };
}
