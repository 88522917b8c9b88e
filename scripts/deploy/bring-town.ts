// `docker compose run --rm town`: the town of `npm start`, brought in as a utility would bring in its own. Doing it again changes nothing.
import { tmpdir } from 'node:os';
import { loadTown } from '@bijli/start/load-town';

const { connections, reachable } = await loadTown({
  dataFolder: process.env['BIJLI_DATA'] ?? tmpdir(),
  registry: String(process.env['REGISTRY_URL']),
  notifier: String(process.env['NOTIFIER_URL']),
});
console.log(`${connections} connections, ${reachable} with a number that can be told`);
