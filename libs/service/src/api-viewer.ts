import { type RequestHandler, Router } from 'express';
import getAbsoluteFSPath from 'swagger-ui-dist/absolute-path.js';

/** Only these files of the viewer are served. */
const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;
/** Nothing from another host, no inline script or style; the viewer draws its icons from data: addresses. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const START = `window.addEventListener('load', () => {
  SwaggerUIBundle({ url: '../openapi.json', dom_id: '#viewer', deepLinking: true, validatorUrl: null, presets: [SwaggerUIBundle.presets.apis] });
});
`;

/** Serves a viewer of `/openapi.json` from files of this machine. */
export function apiViewer(serviceName: string): RequestHandler {
  const router = Router();
  router.use((_request, response, next) => {
    response.setHeader('content-security-policy', POLICY);
    next();
  });
  router.get('/', (request, response) => {
    // Relative addresses of the page need the slash.
    if (!request.originalUrl.endsWith('/')) response.redirect(308, 'docs/');
    else response.type('html').send(page(serviceName));
  });
  router.get('/start.js', (_request, response) => void response.type('text/javascript').send(START));
  for (const file of files) {
    router.get(`/${file}`, (_request, response) =>
      response.sendFile(file, { root: getAbsoluteFSPath(), maxAge: '1h' }),
    );
  }
  return router;
}

function page(serviceName: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${serviceName} API</title>
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<div id="viewer"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`;
}
