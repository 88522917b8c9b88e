/**
 * Why octets are not the PDU they claim to be: an expected outcome of talking to strangers, so a value and no exception.
 * `status` is what the answer says (5.1.3); `field` is the spec's name of the field and never its content.
 */
export type PduFault = { readonly fault: true; readonly status: number; readonly field: string };

/** Tells a fault from a decoded PDU. */
export function isFault(decoded: object): decoded is PduFault {
  return 'fault' in decoded;
}

/** Makes a fault. */
export function pduFault(status: number, field: string): PduFault {
  return { fault: true, status, field };
}
