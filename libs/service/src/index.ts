export type { ApiDescription, ApiTag } from './api-description.ts';
export { ConfigError } from './config-error.ts';
export { connectionComponent, type SharedConnection } from './connection-component.ts';
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
export { type HttpDefinition, httpComponent } from './http-component.ts';
export type { KafkaSecurity } from './kafka-security.ts';
export { MASKED_NUMBER, maskNumbers } from './mask-numbers.ts';
export { componentMetrics } from './metrics.ts';
export { openApiDocument } from './openapi.ts';
export { type Logger, type LogLevel, logLevels, openLog } from './open-log.ts';
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
