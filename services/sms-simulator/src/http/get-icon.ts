import { type Endpoint, endpoint } from '@bijli/service';

/** Lit windows and one that is dark, as in the bar of the page. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M3 3h7.5v7.5H3zM13.5 3H21v7.5h-7.5zM3 13.5h7.5V21H3z" fill="#f6d98c" stroke="#a27a1c"/><path d="M13.5 13.5H21V21h-7.5z" fill="#43524e" stroke="#14211e"/></svg>
`;

/** Makes the endpoint that serves the icon of the page. */
export function getIconEndpoint(): Endpoint {
  return endpoint({
    method: 'get',
    path: '/favicon.svg',
    operationId: 'getIcon',
    summary: 'Icon of the page',
    description: 'For the tab of the browser.',
    responses: { 200: { description: 'The icon', contentType: 'image/svg+xml' } },
    handle: () => ({
      status: 200,
      contentType: 'image/svg+xml',
      headers: { 'cache-control': 'max-age=86400' },
      body: ICON,
    }),
  });
}
