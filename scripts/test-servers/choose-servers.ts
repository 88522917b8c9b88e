import { engineWith } from './container-engine.ts';
import { serverImages } from './images.ts';

/** Which servers a run of tests gets, and why. */
export type Choice = { readonly kind: 'containers' | 'embedded'; readonly because: string };

/** What Testcontainers starts beside ours, to clean up after a process that was killed. */
const reaperImage = 'testcontainers/ryuk:0.14.0';

/**
 * Chooses the servers of a run. Nothing is fetched unasked: without the images at hand the embedded servers are the quicker ones.
 * @throws when TEST_SERVERS is none of auto, containers, embedded.
 */
export async function chooseServers(env: NodeJS.ProcessEnv): Promise<Choice> {
  const wanted = env['TEST_SERVERS'] || 'auto';
  if (wanted === 'containers' || wanted === 'embedded') return { kind: wanted, because: 'TEST_SERVERS says so' };
  if (wanted !== 'auto') throw new Error(`TEST_SERVERS is "${wanted}": set it to auto, containers or embedded`);
  const { postgres, kafka } = serverImages();
  const answer = await engineWith([postgres, kafka, reaperImage], env['DOCKER_HOST']);
  return answer.ok
    ? { kind: 'containers', because: 'an engine with their images answers' }
    : { kind: 'embedded', because: answer.because };
}
