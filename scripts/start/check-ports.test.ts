import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkPorts } from './check-ports.ts';
import { checkSpace } from './check-space.ts';
import { freePorts } from './free-ports.ts';

const taken = createServer();
const ports = { taken: 0, free: 0 };
beforeAll(async () => {
  const [first = 0, second = 0] = await freePorts(2);
  Object.assign(ports, { taken: first, free: second });
  await new Promise<void>((resolve) => taken.listen(first, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => taken.close(resolve)));

test('checkPorts names the port that is taken, who wants it and how to move', async () => {
  await expect(checkPorts({ kafka: ports.free, outage: ports.taken }, 18_000, false)).rejects.toThrow(
    `Port ${ports.taken} (outage) is taken: stop who listens there, or move all ports, for example BIJLI_PORT=19000 npm start.`,
  );
});

test('checkPorts is content with free ones', async () => {
  await expect(checkPorts({ kafka: ports.free }, 18_000, false)).resolves.toBeUndefined();
});

test('checkSpace says how much is missing', async () => {
  await expect(checkSpace('/', 1e18)).rejects.toThrow(
    /^The disk of \/ is full: free another \d+ MB, or set BIJLI_DATA/,
  );
});
