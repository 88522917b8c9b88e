/** A submit_sm as the handset's network saw it. */
export type SubmittedPart = {
  readonly mobile: string;
  readonly header: string;
  readonly text: string;
  /** Reference, number of parts, and this part's number; one of one where there is no header. */
  readonly reference: number;
  readonly parts: number;
  readonly partNo: number;
  readonly templateId: string;
  readonly entityId: string;
};

const SUBMIT_SM = 0x00000004;

/** Reads one PDU (SMPP 3.4, 4.4.1); null when it is no submit_sm. */
export function readSubmit(raw: Buffer): SubmittedPart | null {
  if (raw.readUInt32BE(4) !== SUBMIT_SM) return null;
  let at = 16;
  const text = () => {
    const end = raw.indexOf(0, at);
    const value = raw.toString('latin1', at, end);
    at = end + 1;
    return value;
  };
  const octet = () => raw[at++] ?? 0;
  text(); // service_type
  at += 2; // source ton, npi
  const header = text();
  at += 2; // destination ton, npi
  const destination = text();
  const esmClass = octet();
  at += 2; // protocol_id, priority_flag
  text(); // schedule_delivery_time
  text(); // validity_period
  at += 2; // registered_delivery, replace_if_present_flag
  const dataCoding = octet();
  at += 1; // sm_default_msg_id
  const length = octet();
  const message = raw.subarray(at, at + length);
  at += length;
  const tlvs = readTlvs(raw.subarray(at));
  const hasHeader = (esmClass & 0x40) !== 0;
  const headerLength = hasHeader ? (message[0] ?? 0) + 1 : 0;
  // 05 00 03 reference total number: concatenation with an 8-bit reference (3GPP TS 23.040, 9.2.3.24.1).
  const [reference = 0, parts = 1, partNo = 1] = hasHeader ? [message[3], message[4], message[5]] : [];
  return {
    mobile: destination.replace(/^91(?=\d{10}$)/, ''),
    header,
    text: decode(message.subarray(headerLength), dataCoding),
    reference,
    parts,
    partNo,
    entityId: tlvs.get(0x1400) ?? '',
    templateId: tlvs.get(0x1401) ?? '',
  };
}

function readTlvs(octets: Buffer): Map<number, string> {
  const found = new Map<number, string>();
  for (let at = 0; at + 4 <= octets.length; at += 4 + octets.readUInt16BE(at + 2)) {
    found.set(
      octets.readUInt16BE(at),
      octets.toString('latin1', at + 4, at + 4 + octets.readUInt16BE(at + 2)).replace(/\0$/, ''),
    );
  }
  return found;
}

function decode(octets: Buffer, dataCoding: number): string {
  if (dataCoding === 8) return Buffer.from(octets).swap16().toString('utf16le');
  // Our Latin texts stay within the part of GSM 03.38 that equals ASCII; anything else would show as a wrong text.
  return octets.toString('latin1');
}

/** A whole text as a handset shows it. */
export type ShownText = {
  readonly mobile: string;
  readonly text: string;
  readonly templateId: string;
};

/** Joins the parts of each text, by mobile and reference, in order of their numbers. */
export function shownTexts(parts: readonly SubmittedPart[]): ShownText[] {
  const whole: ShownText[] = [];
  const open = new Map<string, SubmittedPart[]>();
  for (const part of parts) {
    const key = `${part.mobile}/${part.reference}/${part.parts}`;
    const sofar = [...(open.get(key) ?? []), part];
    if (sofar.length < part.parts) {
      open.set(key, sofar);
      continue;
    }
    open.delete(key);
    const ordered = sofar.sort((a, b) => a.partNo - b.partNo);
    whole.push({ mobile: part.mobile, templateId: part.templateId, text: ordered.map((one) => one.text).join('') });
  }
  if (open.size > 0) throw new Error(`${open.size} texts lack parts`);
  return whole;
}
