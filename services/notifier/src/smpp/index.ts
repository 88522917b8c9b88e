export { linkCounters, linkMetrics } from './link-counters.ts';
export { linkWatch } from './link-watch.ts';
export type { OutgoingMessage, SubmitOutcome } from './messages.ts';
export { messageIdForms, messageIds } from './message-ids.ts';
export { bindTypes, openProvider } from './open-provider.ts';
export { type DeliveryReceipt, multiPartModes, type SmppLink } from './smpp-link.ts';
