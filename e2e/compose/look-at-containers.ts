import { compose, containers, docker } from './docker-compose.ts';

/** Builds the image, and says how large it is and as whom it runs. */
export async function buildImage(): Promise<string> {
  await compose('build');
  const shown = await docker('image', 'inspect', '--format', '{{.Size}} {{.Config.User}}', 'bijli-alert:local');
  const [size, user] = shown.split(' ');
  return `${(Number(size) / 1e6).toFixed(0)} MB, user ${user}`;
}

const rights = [
  '{{.HostConfig.ReadonlyRootfs}}',
  '{{json .HostConfig.CapDrop}}',
  '{{json .HostConfig.CapAdd}}',
  '{{json .HostConfig.SecurityOpt}}',
].join(' ');
const least = 'true ["ALL"] null ["no-new-privileges:true"]';

/** Sees that no container may do more than it must: asked of the containers, not of the file that should forbid it. */
export async function checkContainment(): Promise<string> {
  const ids = await containers();
  for (const id of ids) {
    const [name, given, user] = await Promise.all([
      docker('inspect', '--format', '{{.Name}}', id),
      docker('inspect', '--format', rights, id),
      docker('exec', id, 'id', '-u'),
    ]);
    if (given !== least) throw new Error(`${name} may do more than it must: ${given}`);
    if (user === '0') throw new Error(`${name} runs as root`);
  }
  const published = await compose('ps', '--format', '{{.Ports}}');
  const open = published.split(/[,\n]/).filter((port) => port.includes('->') && !port.trim().startsWith('127.0.0.1:'));
  if (open.length > 0) throw new Error(`published to everybody: ${open.join(', ')}`);
  return `${ids.length} containers: no root, no capability, read-only, published on 127.0.0.1 only`;
}

/** Says how much memory each container has in use. */
export async function measureMemory(): Promise<string> {
  const lines = await docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...(await containers()));
  const named = lines.split('\n').map((line) => line.replace(/^[a-z]+-[a-z]+-(.*)-1 (\S+) .*/, '$1 $2'));
  return named.toSorted().join(', ');
}
