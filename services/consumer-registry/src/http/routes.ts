import type { Database } from '@bijli/postgres';
import type { Endpoint, Logger } from '@bijli/service';
import type { UploadMemory } from '../csv/hold-file.ts';
import type { NumberKeys } from '../flows/stage-connection-row.ts';
import { changeMobileNumberEndpoint } from './change-mobile-number.ts';
import { getConnection } from './get-connection.ts';
import { getContactHistory } from './get-contact-history.ts';
import { getImport } from './get-import.ts';
import { getNetworkNode } from './get-network-node.ts';
import { getRefusedRows } from './get-refused-rows.ts';
import { postConnectionImport } from './post-connection-import.ts';
import { postNetworkImport } from './post-network-import.ts';
import { listNodes } from './list-network-nodes.ts';
import { listUnmapped } from './list-unmapped-connections.ts';

/** What the endpoints work with. */
export type Deps = {
  readonly db: Database;
  readonly keys: NumberKeys;
  readonly memory: UploadMemory;
  readonly clock: () => Date;
  readonly log: Logger;
};

/** Lists every endpoint of the registry. */
export const routes = (deps: Deps): Endpoint[] => [
  postNetworkImport(deps),
  getImport(deps, 'network'),
  getRefusedRows(deps, 'network'),
  postConnectionImport(deps),
  getImport(deps, 'connections'),
  getRefusedRows(deps, 'connections'),
  getConnection(deps),
  changeMobileNumberEndpoint(deps),
  getContactHistory(deps),
  listUnmapped(deps),
  getNetworkNode(deps),
  listNodes(deps),
];
