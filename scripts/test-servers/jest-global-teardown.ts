import { dropTemplates } from './drop-templates.ts';

/** Stops the servers of this run, or leaves those of others as they were. */
export default async function tearDown(): Promise<void> {
  if (globalThis.stopTestServers) await globalThis.stopTestServers();
  else await dropTemplates(String(process.env['TEST_DATABASE_URL']), String(process.env['TEST_RUN_ID']));
}
