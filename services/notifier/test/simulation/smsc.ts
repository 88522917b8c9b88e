import {
  bindCommand,
  commandIds,
  commandStatus,
  decodeSubmitSm,
  encodeBindResp,
  encodeDeliverSm,
  encodeEnquireLinkResp,
  encodeSubmitSmResp,
  encodeUnbindResp,
  isFault,
  NO_TLVS,
  pduReader,
  readHeader,
  type ShortMessage,
} from '@bijli/smpp';
import { type Agenda, openParty, type Party } from './agenda.ts';
import type { Chance } from './chance.ts';
import { type Handsets, openHandsets } from './handsets.ts';
import type { FarEnd, Wire } from './wire.ts';

/** How often what goes wrong, 0 to 1 a part or a receipt; and how long answers and receipts take, milliseconds. */
export type Temper = {
  readonly answerMs: readonly [number, number];
  readonly receiptMs: readonly [number, number];
  /** It asks to slow down, or is full. */
  readonly putsOff: number;
  /** A number that it does not know, or a status that nobody explains. */
  readonly refuses: number;
  readonly odd: number;
  /** It takes the text and says nothing. */
  readonly silent: number;
  /** It says nothing, and the text is lost. */
  readonly loses: number;
  /** It answers after the ten seconds in which an answer is awaited. */
  readonly late: number;
  /** The connection breaks after a part came. */
  readonly breaks: number;
  readonly unbinds: number;
  /** The receipt comes before the answer, twice, or never. */
  readonly receiptFirst: number;
  readonly receiptTwice: number;
  readonly receiptNever: number;
};

/** A provider in a good mood. */
export const GENTLE: Temper = {
  answerMs: [1, 20],
  receiptMs: [200, 3_000],
  putsOff: 0,
  refuses: 0,
  odd: 0,
  silent: 0,
  loses: 0,
  late: 0,
  breaks: 0,
  unbinds: 0,
  receiptFirst: 0,
  receiptTwice: 0,
  receiptNever: 0,
};

/** When a part entered a socket, and whose that was. */
export type EnteredPart = { readonly at: number; readonly by: Party };

/** The provider, and the handsets behind it. */
export type Smsc = {
  readonly party: Party;
  readonly handsets: Handsets;
  /** Parts as they entered a socket, whatever became of them. */
  readonly entered: EnteredPart[];
  temper: Temper;
  /** Nobody may connect until then. */
  awayUntil: number;
  open(wire: Wire): FarEnd;
  /** All connections of a party, or of all, break. */
  reset(party?: Party): void;
  isRefused(): boolean;
  /** Whether no receipt is still to be offered. */
  isQuiet(): boolean;
  /** Receipts that were answered with "no error", by message id. */
  readonly acknowledged: Map<string, number>;
  readonly receiptsSent: Set<string>;
};

type Mood = 'accepts' | 'puts-off' | 'full' | 'refuses' | 'odd' | 'silent' | 'loses' | 'late';
type Connected = { readonly wire: Wire; isBound: boolean; isOpen: boolean; readonly asked: Map<number, () => void> };

const LATE_MS = [10_500, 45_000] as const;
const ODD_STATUS = 0x400;
/** A receipt that is not answered is offered again, so often at most. */
const RECEIPT = { againMs: 11_000, times: 20 };

export function openSmsc({ agenda, chance }: { agenda: Agenda; chance: Chance }): Smsc {
  const party = openParty('smsc');
  const connections = new Set<Connected>();
  const handsets = openHandsets();
  const acknowledged = new Map<string, number>();
  const receiptsSent = new Set<string>();
  /** The parts of one text meet the same mood. */
  const moods = new Map<string, Mood>();
  let [latestId, latestSequence] = [0, 0];

  const soon = (ms: number, work: () => void): void => void agenda.add(party, ms, work);
  const span = ([least, most]: readonly [number, number]): number => chance.between(least, most);
  const send = (to: Connected, encode: (target: Buffer, at: number) => number): void => {
    if (!to.isOpen) return;
    const target = Buffer.alloc(600);
    to.wire.send(target.subarray(0, encode(target, 0)));
  };
  const moodOf = (submit: ShortMessage): Mood => {
    const { temper } = smsc;
    const key = handsets.textOf(submit);
    const known = moods.get(key);
    if (known !== undefined && !handsets.isFirstPart(submit)) return known;
    const draws: readonly (readonly [Mood, number])[] = [
      ['puts-off', temper.putsOff],
      ['full', temper.putsOff / 2],
      ['refuses', temper.refuses],
      ['odd', temper.odd],
      ['silent', temper.silent],
      ['loses', temper.loses],
      ['late', temper.late],
    ];
    const drawn = draws.find(([, likelihood]) => chance.happens(likelihood))?.[0] ?? 'accepts';
    moods.set(key, drawn);
    return drawn;
  };

  function answer(to: Connected, sequenceNumber: number, status: number, messageId = ''): void {
    send(to, (target, at) => encodeSubmitSmResp(target, at, { sequenceNumber, status, messageId }));
  }
  function take(to: Connected, submit: ShortMessage, writtenAt: number): void {
    const { sequenceNumber } = submit;
    const { temper } = smsc;
    const mood = moodOf(submit);
    const refuse = (status: number): void => soon(span(temper.answerMs), () => answer(to, sequenceNumber, status));
    if (chance.happens(temper.breaks)) soon(span(temper.answerMs) / 2, () => to.wire.reset());
    switch (mood) {
      case 'puts-off':
        return refuse(commandStatus.ESME_RTHROTTLED);
      case 'full':
        return refuse(commandStatus.ESME_RMSGQFUL);
      case 'refuses':
        handsets.refuse(submit, writtenAt);
        return refuse(commandStatus.ESME_RINVDSTADR);
      case 'odd':
        return refuse(ODD_STATUS);
      case 'loses':
        return handsets.lose(submit, writtenAt);
      default: {
        latestId += 1;
        const id = `m-${latestId}`;
        handsets.deliver(submit, writtenAt);
        const answersIn = mood === 'late' ? span(LATE_MS) : span(temper.answerMs);
        if (mood !== 'silent') soon(answersIn, () => answer(to, sequenceNumber, commandStatus.ESME_ROK, id));
        receipts(id, submit, answersIn);
      }
    }
  }
  function receipts(id: string, submit: ShortMessage, answersIn: number): void {
    const { temper } = smsc;
    if (chance.happens(temper.receiptNever)) return;
    receiptsSent.add(id);
    const after = chance.happens(temper.receiptFirst) ? answersIn / 3 : answersIn + span(temper.receiptMs);
    offer(id, submit, after, RECEIPT.times);
    if (chance.happens(temper.receiptTwice)) offer(id, submit, after + span(temper.receiptMs), RECEIPT.times);
  }
  function offer(id: string, submit: ShortMessage, afterMs: number, times: number): void {
    soon(afterMs, () => {
      if (times === 0) return;
      const bound = [...connections].filter(({ isBound, isOpen }) => isBound && isOpen);
      let isAnswered = false;
      if (bound.length > 0) {
        latestSequence += 1;
        const sequenceNumber = latestSequence;
        const to = chance.of(bound);
        to.asked.set(sequenceNumber, () => {
          isAnswered = true;
          acknowledged.set(id, (acknowledged.get(id) ?? 0) + 1);
        });
        send(to, (target, at) => encodeDeliverSm(target, at, receiptOf(id, submit, sequenceNumber)));
      }
      soon(RECEIPT.againMs, () => {
        if (!isAnswered) offer(id, submit, 0, times - 1);
      });
    });
  }
  function react(to: Connected, pdu: Buffer, writtenAt: number): void {
    const { commandId, commandStatus: status, sequenceNumber } = readHeader(pdu, 0);
    const bind = bindCommand(commandId);
    if (bind !== null) {
      to.isBound = true;
      const response = { sequenceNumber, status: commandStatus.ESME_ROK, systemId: 'SMSC', scInterfaceVersion: 0x34 };
      return send(to, (target, at) => encodeBindResp(target, at, bind, response));
    }
    switch (commandId) {
      case commandIds.enquire_link:
        return send(to, (target, at) => encodeEnquireLinkResp(target, at, sequenceNumber));
      case commandIds.unbind:
        to.isBound = false;
        return send(to, (target, at) => encodeUnbindResp(target, at, sequenceNumber));
      case commandIds.submit_sm:
        return take(to, submitOf(pdu), writtenAt);
      case commandIds.deliver_sm_resp:
        if (status === commandStatus.ESME_ROK) to.asked.get(sequenceNumber)?.();
        to.asked.delete(sequenceNumber);
        return;
      default:
    }
  }

  const smsc: Smsc = {
    party,
    handsets,
    entered: [],
    temper: GENTLE,
    awayUntil: 0,
    acknowledged,
    receiptsSent,
    isQuiet: () => [...receiptsSent].every((id) => acknowledged.has(id)),
    isRefused: () => agenda.now() < smsc.awayUntil,
    reset: (of) => {
      for (const { wire, isOpen } of connections) if (isOpen && (of === undefined || wire.party === of)) wire.reset();
    },
    open: (wire) => {
      const to: Connected = { wire, isBound: false, isOpen: true, asked: new Map() };
      connections.add(to);
      let [at, isLost] = [0, false];
      const reader = pduReader({
        onPdu: (octets, start, end) => {
          const pdu = Buffer.from(octets.subarray(start, end));
          const isSubmit = readHeader(pdu, 0).commandId === commandIds.submit_sm;
          if (isSubmit) smsc.entered.push({ at, by: wire.party });
          if (!isLost) react(to, pdu, at);
          else if (isSubmit) handsets.lose(submitOf(pdu), at);
        },
        onFault: () => wire.reset(),
      });
      const read = (octets: Buffer, writtenAt: number, areLost: boolean): void => {
        [at, isLost] = [writtenAt, areLost];
        reader.push(octets);
      };
      return {
        onOctets: (octets, writtenAt) => read(octets, writtenAt, false),
        onLost: (octets, writtenAt) => read(octets, writtenAt, true),
        onClosed: () => {
          to.isOpen = false;
          connections.delete(to);
        },
      };
    },
  };
  return smsc;
}

function submitOf(pdu: Buffer): ShortMessage {
  const submit = decodeSubmitSm(pdu, 0, pdu.length);
  if (isFault(submit)) throw new Error(`submit_sm has a fault in ${submit.field}`);
  return submit;
}

function receiptOf(id: string, submit: ShortMessage, sequenceNumber: number): ShortMessage {
  const text = `id:${id} sub:001 dlvrd:001 submit date:2603020900 done date:2603020901 stat:DELIVRD err:000 text:`;
  return {
    ...submit,
    sequenceNumber,
    sourceAddrTon: 1,
    sourceAddrNpi: 1,
    sourceAddr: submit.destinationAddr,
    destAddrTon: 5,
    destAddrNpi: 0,
    destinationAddr: submit.sourceAddr,
    esmClass: 4,
    validityPeriod: '',
    registeredDelivery: 0,
    dataCoding: 0,
    shortMessage: Buffer.from(text),
    tlvs: NO_TLVS,
  };
}
