export type { ApiDescription, ApiTag } from './api-description.ts';
export { ConfigError } from './config-error.ts';
export { connectionPart, type SharedConnection } from './connection-part.ts';
export {
  type Asked,
  type Endpoint,
  type EndpointSpec,
  endpoint,
  type Method,
  type Reply,
  type Responses,
} from './endpoint.ts';
export { armFailpoints, disarmFailpoints, failpoint } from './failpoint.ts';
export { type HttpDefinition, httpPart } from './http-part.ts';
export type { KafkaSecurity } from './kafka-security.ts';
export { MASKED_NUMBER, maskNumbers } from './mask-numbers.ts';
export { type Metric, metric, type Sample } from './metric.ts';
export { partMetrics } from './metrics.ts';
export { openApiDocument } from './openapi.ts';
export { type Logger, type LogLevel, logLevels, openLog } from './open-log.ts';
export type { Part, Readiness } from './part.ts';
export { invalidRequest, keyReused, problem, type RequestError } from './problem.ts';
export { readConfigOrExit } from './read-config-or-exit.ts';
export { type DeclaredSetting, declaredSettings, readSettings, type Settings } from './read-settings.ts';
export { type DescribedRefusal, refusalResponses } from './refusal-responses.ts';
export { runService, type ServiceDefinition } from './run-service.ts';
export {
  accountNumberAs,
  decodeCursor,
  encodeCursor,
  idempotencyKey,
  isChanged,
  ifMatch,
  instant,
  instantText,
  operatorText,
  pageQuery,
  versionTag,
} from './schemas.ts';
export { serviceSettings } from './service-settings.ts';
export { tlsSettings } from './tls-settings.ts';
export { currentTraceId, type SpanOptions, withSpan } from './with-span.ts';
export { withoutSpans } from './without-spans.ts';
