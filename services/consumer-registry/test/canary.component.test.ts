import { query } from '@bijli/postgres';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectionFile, smallNetwork } from './files.ts';
import { type RunningRegistry, startRegistry } from './running-registry.ts';

/** A number that nobody has, planted in every way in, and looked for wherever something comes out. */
const CANARY = '9812345670';

let registry: RunningRegistry;

beforeAll(async () => {
  registry = await startRegistry();
  await registry.ask('POST', '/v1/network-imports', { csv: smallNetwork });
  const rows = ['4100000008', '4100000009'].map((account) => ({ account_number: account }));
  await registry.ask('POST', '/v1/connection-imports', { csv: connectionFile(...rows) });
});
afterAll(() => registry.stop());

const change = (account: string, mobileNumber: string, more: object = {}) =>
  registry.ask('PUT', `/v1/connections/${account}/contacts/1/mobile-number`, {
    json: { mobileNumber, source: 'je', changedBy: 'je-221', ...more },
  });

/** An error of the database in the middle of the work: its text would carry the row. */
async function failsWith(number: string) {
  await query(
    registry.db,
    `alter table contact_history add constraint contact_history_broken check (changed_by <> 'je-13') not valid`,
  );
  try {
    const answer = await change('4100000009', number, { changedBy: 'je-13' });
    expect(answer.status).toBe(500);
    return answer;
  } finally {
    await query(registry.db, 'alter table contact_history drop constraint contact_history_broken');
  }
}

test('lets a number into no log, topic, answer or table, however it comes', async () => {
  const answers = [
    await change('4100000008', `+91-${CANARY}`),
    await change('4100000008', `${CANARY}0`),
    await change('4100000008', CANARY, { changedBy: CANARY }),
    await change('4100000008', CANARY, { [CANARY]: CANARY }),
    await change(CANARY, CANARY),
    await registry.ask('GET', `/v1/connections/${CANARY}`),
    await registry.ask('GET', '/v1/connections/4100000008'),
    await registry.ask('GET', '/v1/connections/4100000008/contacts/1/history'),
    await registry.ask('POST', '/v1/connection-imports', {
      csv: connectionFile(
        { account_number: '4200000005', mobile: CANARY },
        { account_number: '4200000006', mobile: `${CANARY} / ${CANARY}` },
        { account_number: '4200000007', category: CANARY },
        { account_number: '4200000008', node_code: CANARY },
      ),
    }),
  ];
  const failing = await failsWith(CANARY);
  await registry.heard('4200000006', 1);
  await registry.heard('4100000008', 2);

  const inAnyForm = new RegExp([...CANARY].join('[^0-9]{0,3}'));
  for (const { text } of [...answers, failing]) expect(text).not.toMatch(inAnyForm);
  expect(registry.lines.join('\n')).not.toMatch(inAnyForm);
  const heard = registry.records.map(
    (record) => `${record.key} ${JSON.stringify(record.headers)} ${record.value?.toString('latin1')}`,
  );
  expect(heard.join('\n')).not.toMatch(inAnyForm);
  const tables = await query<{ name: string }>(
    registry.db,
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  for (const { name } of tables) {
    const rows = await query<{ text: string }>(registry.db, `select row_to_json(each)::text as text from ${name} each`);
    expect(rows.map(({ text }) => text).filter((text) => inAnyForm.test(text))).toEqual([]);
  }
});
