import { describe, expect, test } from '@jest/globals';
import { startLittleService } from '../test/start-little-service.ts';

const told = ({ lines }: { lines: Record<string, unknown>[] }) =>
  lines.flatMap(({ message, part }) =>
    part === undefined || message === undefined ? [] : [`${String(part)}: ${String(message)}`],
  );

describe('runService', () => {
  test('starts components in order and stops them in reverse, exit 0', async () => {
    const service = startLittleService({});
    await service.logged('service is up');
    service.child.kill('SIGTERM');

    expect(await service.gone()).toEqual([0, null]);
    expect(told(service)).toEqual([
      'pool: part started',
      'relay: part started',
      'relay: part stopped',
      'pool: part stopped',
    ]);
    expect(service.messages().slice(-4)).toEqual(['service stops', 'part stopped', 'part stopped', 'service stopped']);
  });

  test('stops what was started when a component does not start, exit 1', async () => {
    const service = startLittleService({ SCENE: 'start fails' });

    expect(await service.gone()).toEqual([1, null]);
    expect(told(service)).toEqual([
      'pool: part started',
      'relay: a part did not start',
      'relay: part stopped',
      'pool: part stopped',
    ]);
  });

  test('can be stopped while a component hangs in its start', async () => {
    const service = startLittleService({ SCENE: 'relay hangs' });
    await service.logged('part started');
    service.child.kill('SIGINT');

    expect(await service.gone()).toEqual([0, null]);
    expect(told(service)).toEqual(['pool: part started', 'relay: part stopped', 'pool: part stopped']);
  });

  test('stops the others when one fails to stop, exit 1', async () => {
    const service = startLittleService({ SCENE: 'stop fails' });
    await service.logged('service is up');
    service.child.kill('SIGTERM');

    expect(await service.gone()).toEqual([1, null]);
    expect(told(service)).toContain('pool: a part did not stop well');
  });

  test('gives up a stop that takes too long, exit 1', async () => {
    const service = startLittleService({ SCENE: 'stop is given up' });
    await service.logged('service is up');
    service.child.kill('SIGTERM');

    expect(await service.gone()).toEqual([1, null]);
    expect(service.messages()).toContain('service did not stop in time');
  });

  test('a second signal forces the end, exit 1', async () => {
    const service = startLittleService({ SCENE: 'stop is forced' });
    await service.logged('service is up');
    service.child.kill('SIGTERM');
    await service.logged('service stops');
    service.child.kill('SIGINT');

    expect(await service.gone()).toEqual([1, null]);
    expect(service.messages().at(-1)).toBe('second signal: exit without finishing');
  });

  test.each([
    ['uncaught', 'thrown by a timer'],
    ['unhandled', 'rejected by nobody'],
  ])('an error that is %s is logged, and what is in hand is finished first, exit 1', async (scene, message) => {
    const service = startLittleService({ SCENE: scene });

    expect(await service.gone()).toEqual([1, null]);
    expect(service.lines.find(({ level }) => level === 'fatal')).toMatchObject({
      message: 'nobody caught this error',
      err: { message },
    });
    expect(told(service)).toEqual([
      'pool: part started',
      'relay: part started',
      'relay: part stopped',
      'pool: part stopped',
    ]);
  });

  test('after such an error a part that does not stop does not keep the others from it', async () => {
    const service = startLittleService({ SCENE: 'uncaught and relay does not stop' });

    expect(await service.gone()).toEqual([1, null]);
    expect(told(service).slice(2)).toEqual([
      'relay: part stopped',
      'relay: a part did not stop in time and is left behind',
      'pool: part stopped',
    ]);
  });

  test('a failpoint kills as the kernel would', async () => {
    const service = startLittleService({ SCENE: 'failpoint', FAILPOINTS: 'here=kill' });

    expect(await service.gone()).toEqual([null, 'SIGKILL']);
    expect(service.lines[0]).toMatchObject({ level: 'warn', failpoint: 'here', message: 'failpoint armed' });
  });
});
