import type { ApiDescription } from '@bijli/service';

/** What the OpenAPI document says of the service. */
export const api: ApiDescription = {
  title: 'notifier',
  description:
    'What is told to whom, and what became of it. Runs begin with the events of other services; here one looks at them, lets a held one ' +
    'go out, and stops or resumes all sending. Problems are RFC 9457; lists have pages by cursor.',
  tags: [
    { name: 'Runs', description: 'Everything that is told because of one event, counted', paths: ['/v1/runs'] },
    {
      name: 'Messages',
      description: 'What one connection was told, the approved texts, and who can be reached',
      paths: ['/v1/messages', '/v1/templates', '/v1/causes', '/v1/audience'],
    },
    { name: 'Sending', description: 'The stop switch', paths: ['/v1/sending'] },
  ],
};
