import type { ApiDescription } from '@bijli/service';

/** What the OpenAPI document says of the service. */
export const api: ApiDescription = {
  title: 'outages',
  description:
    'Planned work and unplanned cuts, when supply is expected back, and when it is. What is accepted here is told to everybody below ' +
    'the nodes, at once or when its `pending` time is over. Times are RFC 3339 with an offset; problems are RFC 9457; lists have pages by cursor.',
  tags: [
    {
      name: 'Outages',
      description: 'Report, draft, approve, announce, move, start, estimate anew, restore in steps, open again',
      paths: ['/v1/outages', '/v1/planned-outages', '/v1/planned-outage-drafts', '/v1/causes'],
    },
    {
      name: 'Control room',
      description: 'What became of the events of a control room that feeds us over Kafka',
      paths: ['/v1/control-room-events'],
    },
  ],
};
