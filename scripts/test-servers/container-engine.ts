import { request } from 'node:http';

const answersWithinMs = 800;

/** Whether a container engine can be asked, and for what reason not. */
export type EngineAnswer = { readonly ok: true } | { readonly ok: false; readonly because: string };

/**
 * Asks the engine of DOCKER_HOST, or the one at the usual socket, whether it answers and has images. Takes less than a second, whatever
 * is at the other end; an engine behind TLS or ssh is not asked.
 */
export async function engineWith(images: readonly string[], dockerHost: string | undefined): Promise<EngineAnswer> {
  const address = addressOf(dockerHost);
  if (!address) return { ok: false, because: `DOCKER_HOST=${dockerHost} is not asked` };
  const signal = AbortSignal.timeout(answersWithinMs);
  if ((await statusOf(address, '/_ping', signal)) !== 200) return { ok: false, because: 'no container engine answers' };
  for (const image of images) {
    if ((await statusOf(address, `/images/${image}/json`, signal)) === 200) continue;
    return { ok: false, because: `the container engine has no ${image}` };
  }
  return { ok: true };
}

type Address = { readonly socketPath: string } | { readonly host: string; readonly port: string };

function addressOf(dockerHost = 'unix:///var/run/docker.sock'): Address | undefined {
  const { protocol, pathname, hostname, port } = new URL(dockerHost);
  if (protocol === 'unix:') return { socketPath: pathname };
  if (protocol === 'tcp:' || protocol === 'http:') return { host: hostname, port: port || '2375' };
  return undefined;
}

/** Answers undefined when nobody does. */
async function statusOf(address: Address, path: string, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    request({ ...address, path, signal, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', () => resolve(undefined))
      .end();
  });
}
