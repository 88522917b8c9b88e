import type { ApiDescription } from '@bijli/service';

/** What the OpenAPI document says of the simulator. */
export const api: ApiDescription = {
  title: 'SMS simulator',
  description:
    'For development, tests and demonstrations only: an SMSC that takes texts over SMPP and keeps them, with the handsets that they ' +
    'reach. Nothing leaves this machine, and nothing here is part of a production system.',
  tags: [
    { name: 'Handsets', description: 'What arrived', paths: ['/v1/messages', '/v1/stats', '/v1/pdus'] },
    { name: 'Behaviour', description: 'How good an SMSC it is', paths: ['/v1/behaviour'] },
    {
      name: 'Page',
      description: 'The page for people',
      paths: ['/', '/handsets.css', '/handsets.js', '/favicon.svg', '/devanagari.woff2'],
    },
  ],
};
