import pg from 'pg';

/** The wait before a lost LISTEN connection is made anew. */
const RECONNECT_MS = 1_000;

/**
 * Calls `onNotify` whenever somebody notifies the channel, on a connection of its own that is made anew when lost. A notification is a
 * hint to look earlier and never a fact: those sent while the connection was down are lost, so the caller must poll as well.
 */
export async function listen(
  url: string,
  channel: string,
  onNotify: (payload: string) => void,
): Promise<{ close(): Promise<void> }> {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const later = (): void => {
    client = undefined;
    if (!closed) timer = setTimeout(() => void connect().catch(() => undefined), RECONNECT_MS);
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: `listen ${channel}`, keepAlive: true });
    next.on('error', () => undefined); // 'end' follows
    next.once('end', later);
    next.on('notification', (message) => onNotify(message.payload ?? ''));
    client = next;
    await next.connect();
    await next.query(`listen ${next.escapeIdentifier(channel)}`);
  };

  await connect();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
