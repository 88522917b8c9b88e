import type { ApiDescription } from '@bijli/service';

/** What the OpenAPI document says of the service. */
export const api: ApiDescription = {
  title: 'consumer registry',
  description:
    'The network, the connections on it, and the mobile numbers of their people. Files are imported as CSV; numbers are sealed before ' +
    'they are stored and masked in every answer. Problems are RFC 9457; lists have pages by cursor.',
  tags: [
    {
      name: 'Imports',
      description: 'Network and connections from files',
      paths: ['/v1/network-imports', '/v1/connection-imports'],
    },
    {
      name: 'Connections',
      description: 'Connections and their contacts',
      paths: ['/v1/connections', '/v1/unmapped-connections'],
    },
    { name: 'Network', description: 'Nodes, now and as of an instant', paths: ['/v1/network-nodes'] },
  ],
};
