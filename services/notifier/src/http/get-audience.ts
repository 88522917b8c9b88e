import type { Database } from '@bijli/postgres';
import { endpoint } from '@bijli/service';
import { z } from 'zod';
import { measureWholeAudience } from '../store/measure-whole-audience.ts';

const count = z.int().nonnegative();

/** How many connections and contacts the notifier has heard of, and how many of them it can reach. */
export const getAudience = (db: Database) =>
  endpoint({
    method: 'get',
    path: '/v1/audience',
    operationId: 'getAudience',
    summary: 'The audience, counted',
    description: 'How many connections and contacts the notifier has heard of, and how many of them it can reach.',
    responses: {
      200: {
        description: 'Counts',
        body: z.strictObject({ connections: count, contacts: count, reachable: count, nodes: count }),
      },
    },
    handle: async () => ({ status: 200, body: await measureWholeAudience(db) }),
  });
