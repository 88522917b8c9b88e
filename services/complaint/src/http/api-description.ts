import type { ApiDescription } from '@bijli/service';

/** What the OpenAPI document says of the service. */
export const api: ApiDescription = {
  title: 'complaints',
  description:
    'Complaints of consumers from their number to their closing, with the clock of the service standard. A complaint is closed by the ' +
    'answer of its consumer, or when the time for it ran out. Problems are RFC 9457; lists have pages by cursor.',
  tags: [
    {
      name: 'Complaints',
      description: 'Lodge, assign, work on, resolve, confirm and open again',
      paths: ['/v1/complaints', '/v1/complaint-kinds'],
    },
  ],
};
