import {
  absoluteTime,
  dataCodings,
  ESM_CLASS_UDHI,
  encodeSubmitSm,
  encodeTlvs,
  octetStringTlv,
  REFERENCE_OFFSET,
  shortMessageOctets,
  tlvTags,
} from '@bijli/smpp';
import type { OutgoingMessage } from './messages.ts';
import type { DltTags, SmppLinkOptions } from './smpp-link.ts';

/** Type of number and numbering plan (SMPP 3.4, 5.2.5, 5.2.6). */
const ALPHANUMERIC = 5;
const INTERNATIONAL = 1;
const ISDN = 1;
const UNKNOWN = 0;
/** registered_delivery (5.2.17): a receipt for success and for failure. */
const RECEIPT_WANTED = 1;

const USUAL_TAGS: DltTags = {
  entityId: tlvTags.dltEntityId,
  templateId: tlvTags.dltTemplateId,
  telemarketerChain: tlvTags.dltTelemarketerChain,
};
/** Templates are few; a caller that makes them up shall not fill the memory. */
const MOST_TEMPLATES = 1_000;

/** Writes submit_sm for one account. */
export interface SubmitEncoder {
  /** An upper bound of the octets that a part of the message takes. */
  octets(message: OutgoingMessage): number;
  /** This function will write a part at `at` and give the offset behind it. RangeError for what does not fit its field. */
  encode(target: Buffer, at: number, part: { sequence: number; message: OutgoingMessage; partNo: number }): number;
}

/** This function will make the encoder of an account: header, entity and template go into every message. */
export function submitEncoder(
  options: Pick<SmppLinkOptions, 'header' | 'entityId' | 'telemarketerChain' | 'tlvTags'>,
): SubmitEncoder {
  const { header, entityId, telemarketerChain, tlvTags: tags = USUAL_TAGS } = options;
  const blocks = new Map<string, Buffer>();
  const validity = latestText(absoluteTime);

  const tlvsFor = (templateId: string): Buffer => {
    const known = blocks.get(templateId);
    if (known !== undefined) return known;
    if (blocks.size >= MOST_TEMPLATES) blocks.clear();
    const texts = [
      [tags.entityId, entityId],
      [tags.templateId, templateId],
      [tags.telemarketerChain, telemarketerChain],
    ] as const;
    const block = encodeTlvs(
      texts.flatMap(([tag, text]) => (tag === undefined || text === undefined ? [] : [octetStringTlv(tag, text)])),
    );
    blocks.set(templateId, block);
    return block;
  };

  return {
    octets: ({ templateId }) => shortMessageOctets(tlvsFor(templateId).length),
    encode: (target, at, { sequence, message, partNo }) => {
      const shortMessage = message.parts[partNo - 1];
      if (shortMessage === undefined) throw new RangeError('partsToSend names a part that is not there');
      const isMultiPart = message.parts.length > 1;
      const tlvs = tlvsFor(message.templateId);
      const end = encodeSubmitSm(target, at, {
        sequenceNumber: sequence,
        serviceType: '',
        sourceAddrTon: ALPHANUMERIC,
        sourceAddrNpi: UNKNOWN,
        sourceAddr: header,
        destAddrTon: INTERNATIONAL,
        destAddrNpi: ISDN,
        destinationAddr: message.destination,
        esmClass: isMultiPart ? ESM_CLASS_UDHI : 0,
        protocolId: 0,
        priorityFlag: 0,
        scheduleDeliveryTime: '',
        validityPeriod: message.validUntil === undefined ? '' : validity(message.validUntil),
        registeredDelivery: RECEIPT_WANTED,
        replaceIfPresentFlag: 0,
        dataCoding: dataCodings[message.coding],
        smDefaultMsgId: 0,
        shortMessage,
        tlvs,
      });
      if (isMultiPart) target[end - tlvs.length - shortMessage.length + REFERENCE_OFFSET] = referenceOf(message);
      return end;
    },
  };
}

function referenceOf({ ref, validUntil, reference }: OutgoingMessage): number {
  if (reference !== undefined) return reference & 0xff;
  const seconds = Math.trunc((validUntil?.getTime() ?? 0) / 1_000);
  return spread(seconds ^ spread(ref)) & 0xff;
}

/** Puts neighbours far apart: the finalizer of MurmurHash3 (Appleby, public domain), 32 bits. */
function spread(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

/** All messages of a run have one validity: its text is made once. */
function latestText(format: (at: Date) => string): (at: Date) => string {
  let latestMs = Number.NaN;
  let text = '';
  return (at) => {
    if (at.getTime() !== latestMs) {
      latestMs = at.getTime();
      text = format(at);
    }
    return text;
  };
}
