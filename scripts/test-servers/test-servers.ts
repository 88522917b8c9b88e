import { chooseServers } from './choose-servers.ts';
import type { TestServers } from './servers.ts';

declare global {
  /** Kept from the run's set-up to its tear-down. */
  var stopTestServers: (() => Promise<void>) | undefined;
}

/**
 * Starts both, fresh, fast and forgetful; they end with this process at the latest. TEST_SERVERS says which: `containers`, `embedded`, or
 * `auto`, which takes containers where an engine answers that has their images.
 */
export async function startTestServers(env: NodeJS.ProcessEnv): Promise<TestServers> {
  const { kind, because } = await chooseServers(env);
  // Only the one that is needed is loaded: the client of a container engine is large.
  const { startServers } =
    kind === 'containers' ? await import('./container-servers.ts') : await import('./embedded-servers.ts');
  const servers = await startServers();
  return { ...servers, origin: `${servers.origin} (${because})` };
}
