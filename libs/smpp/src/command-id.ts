/**
 * Command ids of the PDUs that we speak.
 * Source: SMPP 3.4 issue 1.2, 5.1.2.1. A response is its request with bit 31 set.
 */
export const commandIds = {
  generic_nack: 0x80000000,
  bind_receiver: 0x00000001,
  bind_receiver_resp: 0x80000001,
  bind_transmitter: 0x00000002,
  bind_transmitter_resp: 0x80000002,
  submit_sm: 0x00000004,
  submit_sm_resp: 0x80000004,
  deliver_sm: 0x00000005,
  deliver_sm_resp: 0x80000005,
  unbind: 0x00000006,
  unbind_resp: 0x80000006,
  bind_transceiver: 0x00000009,
  bind_transceiver_resp: 0x80000009,
  enquire_link: 0x00000015,
  enquire_link_resp: 0x80000015,
  data_sm: 0x00000103,
  data_sm_resp: 0x80000103,
} as const;

/** The spec's own name of a PDU. */
export type CommandName = keyof typeof commandIds;

const RESPONSE_BIT = 0x80000000;

const nameById = new Map<number, CommandName>(
  Object.entries(commandIds).map(([name, id]) => [id, name as CommandName]),
);

/** Names a command id; null when it is none of ours (the peer gets a generic_nack, 4.3). */
export function commandName(commandId: number): CommandName | null {
  return nameById.get(commandId) ?? null;
}

/** Tells whether a command id is a response (bit 31). A response is never answered, not even by a generic_nack. */
export function isResponse(commandId: number): boolean {
  return commandId >= RESPONSE_BIT;
}

/** Gives the command id of the response to a request. */
export function responseId(requestId: number): number {
  return (requestId | RESPONSE_BIT) >>> 0;
}
