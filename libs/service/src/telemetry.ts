// Loaded with `node --import @bijli/service/telemetry` before the service: libraries are patched as they load.
import { startTelemetry } from './start-telemetry.ts';

startTelemetry(process.env);
