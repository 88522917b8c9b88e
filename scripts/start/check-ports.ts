import { isFree } from './free-ports.ts';
import { StartProblem } from './problem.ts';
import type { Listener } from './settings.ts';

const afterKillWaitMs = 25_000; // as long as Kafka's guard gives it to stop
const pauseMs = 200;

/**
 * Sees that every port is free.
 * @param afterKill the start before was killed and its servers may be stopping still: wait for them.
 * @throws StartProblem that names the first taken port.
 */
export async function checkPorts(
  ports: Partial<Record<Listener, number>>,
  basePort: number,
  afterKill: boolean,
): Promise<void> {
  const deadline = performance.now() + (afterKill ? afterKillWaitMs : 0);
  for (const [listener, port] of Object.entries(ports)) {
    while (!(await isFree(port))) {
      if (performance.now() >= deadline) throw taken(listener, port, basePort);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function taken(listener: string, port: number, basePort: number): StartProblem {
  const other = basePort < 60_000 ? basePort + 1_000 : 18_000;
  return new StartProblem(
    `Port ${port} (${listener}) is taken: stop who listens there, or move all ports, for example BIJLI_PORT=${other} npm start.`,
  );
}
