import { describe, expect, test } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { scrubbed } from './scrub-spans.ts';

const CANARY = '9876500042';

/** What leaves, of a span that was made by `scope`. */
function scrub(scope: string, attributes: Record<string, string>): ReadableSpan {
  const ended: ReadableSpan[] = [];
  const inner = { onEnd: (span: ReadableSpan) => void ended.push(span) } as unknown as SpanProcessor;
  const status = { code: SpanStatusCode.ERROR, message: `invalid input syntax: "${CANARY}"` };
  const events = [{ name: 'exception', attributes: { 'exception.type': 'Error', 'exception.message': CANARY } }];
  const span = { instrumentationScope: { name: scope }, attributes, status, events } as unknown as ReadableSpan;
  scrubbed(inner).onEnd(span);
  return ended[0] ?? span;
}

describe('scrubbed', () => {
  test('drops what a caller typed and who called, and keeps the rest', () => {
    const { attributes } = scrub('@opentelemetry/instrumentation-http', {
      'url.path': `/v1/x/${CANARY}`,
      'url.query': CANARY,
      'user_agent.original': 'x',
      'client.address': '10.0.0.7',
      'http.route': '/v1/x/:id',
    });

    expect(attributes).toEqual({ 'http.route': '/v1/x/:id' });
  });

  test('shortens statements to one line and masks numbers in them', () => {
    const { attributes } = scrub('@opentelemetry/instrumentation-pg', {
      'db.query.text': `select\n   1 from contact where number = '${CANARY}'${' and true'.repeat(40)}`,
    });

    expect(attributes['db.query.text']).toMatch(/^select 1 from contact where number = '9999999999' and true/);
    expect(String(attributes['db.query.text'])).toHaveLength(240);
  });

  test("drops a driver's message, in the status and in what it recorded", () => {
    expect(JSON.stringify(scrub('@opentelemetry/instrumentation-pg', {}))).not.toContain(CANARY);
  });
});
