import { expect, test } from '@jest/globals';
import { startLittleService } from '../test/start-little-service.ts';

test('a service whose settings are wrong names them in one FATAL line, and exits 1 before it starts anything', async () => {
  const service = startLittleService({ SCENE: 'settings are wrong' });

  expect(await service.gone()).toEqual([1, null]);
  expect(service.lines).toEqual([
    expect.objectContaining({
      level: 'fatal',
      service: 'little',
      message: 'settings are wrong',
      problems: ['PORT: is not a port from 0 to 65535'],
    }),
  ]);
});
