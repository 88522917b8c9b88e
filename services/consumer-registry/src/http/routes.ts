import type { Endpoint } from '@bijli/service';
import { changeMobileNumberEndpoint } from './change-mobile-number.ts';
import type { HttpContext } from './context.ts';
import { getConnectionEndpoint } from './get-connection.ts';
import { getContactHistoryEndpoint } from './get-contact-history.ts';
import { getImportEndpoint } from './get-import.ts';
import { getNetworkNodeEndpoint } from './get-network-node.ts';
import { getRefusedRowsEndpoint } from './get-refused-rows.ts';
import { postConnectionImportEndpoint } from './post-connection-import.ts';
import { postNetworkImportEndpoint } from './post-network-import.ts';
import { listNetworkNodesEndpoint } from './list-network-nodes.ts';
import { listUnmappedConnectionsEndpoint } from './list-unmapped-connections.ts';

/** Lists every endpoint of the registry. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    postNetworkImportEndpoint(context),
    getImportEndpoint(context, 'network'),
    getRefusedRowsEndpoint(context, 'network'),
    postConnectionImportEndpoint(context),
    getImportEndpoint(context, 'connections'),
    getRefusedRowsEndpoint(context, 'connections'),
    getConnectionEndpoint(context),
    changeMobileNumberEndpoint(context),
    getContactHistoryEndpoint(context),
    listUnmappedConnectionsEndpoint(context),
    getNetworkNodeEndpoint(context),
    listNetworkNodesEndpoint(context),
  ];
}
