import {
  absoluteTime,
  dataCodings,
  ESM_CLASS_UDHI,
  encodeSubmitSm,
  encodeTlvs,
  octetStringTlv,
  readUserData,
  REFERENCE_OFFSET,
  shortMessageOctets,
  tlvTags,
} from '@bijli/smpp';
import type { OutgoingMessage } from './messages.ts';
import { SAR_TLV_OCTETS, sarTlvs } from './sar-tlvs.ts';
import type { AddressType, DltTags, SmppLinkOptions } from './smpp-link.ts';

/** An alphanumeric sender, and an international number of the telephone plan E.164. */
const USUAL_SOURCE: AddressType = { ton: 5, npi: 0 };
const USUAL_DESTINATION: AddressType = { ton: 1, npi: 1 };
/** registered_delivery (5.2.17): a receipt for success and for failure, or none. */
const RECEIPT_WANTED = 1;
const NO_RECEIPT = 0;

const USUAL_TAGS: DltTags = {
  entityId: tlvTags.dltEntityId,
  templateId: tlvTags.dltTemplateId,
  telemarketerChain: tlvTags.dltTelemarketerChain,
};
/** Templates are few; a caller that makes them up shall not fill the memory. */
const MOST_TEMPLATES = 1_000;

/** Writes submit_sm for one account. */
export type SubmitEncoder = {
  /** An upper bound of the octets that a part of the message takes. */
  octets(message: OutgoingMessage): number;
  /** Writes a part at `at` and gives the offset behind it. RangeError for what does not fit its field. */
  encode(target: Buffer, at: number, part: { sequence: number; message: OutgoingMessage; partNo: number }): number;
};

/** Makes the encoder of an account: header, entity and template go into every message. */
export function submitEncoder(
  options: Pick<
    SmppLinkOptions,
    | 'header'
    | 'entityId'
    | 'telemarketerChain'
    | 'tlvTags'
    | 'sourceType'
    | 'destinationType'
    | 'multiPart'
    | 'validityPeriod'
    | 'wantsReceipts'
  >,
): SubmitEncoder {
  const { header, entityId, telemarketerChain, tlvTags: tags = USUAL_TAGS } = options;
  const { sourceType = USUAL_SOURCE, destinationType = USUAL_DESTINATION, multiPart = 'udh' } = options;
  const registeredDelivery = options.wantsReceipts === false ? NO_RECEIPT : RECEIPT_WANTED;
  const saysValidity = options.validityPeriod !== 'none';
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
      texts.flatMap(([tag, text]) => (tag === undefined || !text ? [] : [octetStringTlv(tag, text)])),
    );
    blocks.set(templateId, block);
    return block;
  };

  /** What of a part depends on how the handset learns that it is one of several. */
  const bodyOf = (message: OutgoingMessage, partNo: number, part: Buffer) => {
    const tlvs = tlvsFor(message.templateId);
    if (message.parts.length === 1) return { esmClass: 0, shortMessage: part, tlvs };
    if (multiPart === 'udh') return { esmClass: ESM_CLASS_UDHI, shortMessage: part, tlvs };
    const place = { reference: referenceOf(message), total: message.parts.length, number: partNo };
    return {
      esmClass: 0,
      shortMessage: readUserData(ESM_CLASS_UDHI, part).text,
      tlvs: Buffer.concat([tlvs, sarTlvs(place)]),
    };
  };

  return {
    octets: ({ templateId }) => shortMessageOctets(tlvsFor(templateId).length + SAR_TLV_OCTETS),
    encode: (target, at, { sequence, message, partNo }) => {
      const part = message.parts[partNo - 1];
      if (part === undefined) throw new RangeError('partsToSend names a part that is not there');
      const { esmClass, shortMessage, tlvs } = bodyOf(message, partNo, part);
      const end = encodeSubmitSm(target, at, {
        sequenceNumber: sequence,
        serviceType: '',
        sourceAddrTon: sourceType.ton,
        sourceAddrNpi: sourceType.npi,
        sourceAddr: header,
        destAddrTon: destinationType.ton,
        destAddrNpi: destinationType.npi,
        destinationAddr: message.destination,
        esmClass,
        protocolId: 0,
        priorityFlag: 0,
        scheduleDeliveryTime: '',
        validityPeriod: saysValidity && message.validUntil !== undefined ? validity(message.validUntil) : '',
        registeredDelivery,
        replaceIfPresentFlag: 0,
        dataCoding: dataCodings[message.coding],
        smDefaultMsgId: 0,
        shortMessage,
        tlvs,
      });
      // The octets of a part are shared by all messages of its text: the reference is written into the PDU.
      if (esmClass === ESM_CLASS_UDHI)
        target[end - tlvs.length - part.length + REFERENCE_OFFSET] = referenceOf(message);
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
