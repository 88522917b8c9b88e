export type { OutgoingMessage, SliceHandling, SubmitOutcome } from './messages.ts';
export { openSmppLink } from './open-smpp-link.ts';
export type {
  DeliveryReceipt,
  DltTags,
  InboundMessage,
  LinkState,
  LinkTiming,
  SmppLink,
  SmppLinkOptions,
} from './smpp-link.ts';
