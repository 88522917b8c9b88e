export type { OutgoingMessage, SubmitOutcome } from './messages.ts';
export { openSmppLink } from './open-smpp-link.ts';
export type { DeliveryReceipt, SmppLink } from './smpp-link.ts';
