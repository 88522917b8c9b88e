export { batchCalls } from './batch-calls.ts';
export type { Component, Readiness, WatchedComponent } from './component.ts';
export { errorName } from './error-name.ts';
export { collectWhileBusy, type Collector } from './collect-while-busy.ts';
export { type Loop, type LoopLog, openLoop, stuckFor } from './loop.ts';
export { type Metric, metric, type Sample } from './metric.ts';
