import { type Settings, tlsSettings } from '@bijli/service';
import { parseStatusTable, type StatusTable } from './domain/status-classes.ts';
import { receiptModes } from './domain/receipt-mode.ts';
import { bindTypes, messageIdForms, messageIds, multiPartModes } from './smpp/index.ts';
import type { TextFile } from './templates/text-file.ts';

/** Longest values of a bind in SMPP 3.4 (4.1.1), without their NUL. Carriers give out longer ones, which are sent as they are. */
const BOOK = { systemId: 15, password: 8, systemType: 12 };
/** Longer than any that a carrier was seen to give out. */
const LONGEST_DICTATED = 64;
/** Longest source address, without its NUL (4.4.1). */
const LONGEST_ADDRESS = 20;
/** Whether the SMSC is told until when a text is worth delivering: some carriers take an empty validity_period only. */
const validityPeriods = ['absolute', 'none'] as const;
/** Types of number are 0 to 6, numbering plans 0 to 18 (SMPP 3.4, 5.2.5 and 5.2.6). */
const TYPES_OF_NUMBER = { min: 0, max: 6 };
const NUMBERING_PLANS = { min: 0, max: 18 };
/** IANA's port for SMPP. */
const SMPP_PORT = 2_775;

/** Reads the provider account: where it is, how to bind, what it asks for, what it allows. Header and entity are those of the texts unless told. */
export function providerSettings(settings: Settings, texts: Pick<TextFile, 'header' | 'entityId'>) {
  const text = (name: string, longest: number, options: { default?: string; about: string }) =>
    settings.value(name, `ASCII of at most ${longest} characters`, (value) => asciiOf(value, longest), options);
  const addressType = (whose: string, about: string, usual: { ton: number; npi: number }) => ({
    ton: settings.integer(`SMPP_${whose}_TON`, TYPES_OF_NUMBER, {
      default: usual.ton,
      about: `Type of number ${about}`,
    }),
    npi: settings.integer(`SMPP_${whose}_NPI`, NUMBERING_PLANS, {
      default: usual.npi,
      about: `Numbering plan ${about}`,
    }),
  });
  const tag = (name: string, usual: string, about: string) =>
    settings.value(name, 'a tag like 0x1400, or none', tagOf, { default: usual, about });

  return {
    host: settings.text('SMPP_HOST', { default: '127.0.0.1', about: 'Host of the SMSC' }),
    port: settings.port('SMPP_PORT', { default: SMPP_PORT, about: 'Port of the SMSC' }),
    ...tlsSettings(settings, { prefix: 'SMPP', name: 'the SMSC' }),
    systemId: text('SMPP_SYSTEM_ID', LONGEST_DICTATED, { about: 'System id of the provider account' }),
    password: settings.secret(
      'SMPP_PASSWORD',
      (value) => asciiOf(value, LONGEST_DICTATED),
      'Password of the provider account',
      `a secret of at most ${LONGEST_DICTATED} ASCII characters`,
    ),
    systemType: text('SMPP_SYSTEM_TYPE', LONGEST_DICTATED, {
      default: '',
      about: 'system_type of the bind, where the provider asks for one',
    }),
    bindType: settings.choice('SMPP_BIND', bindTypes, {
      default: 'transceiver',
      about: 'How to bind; a transmitter alone gets no receipts: texts are counted as accepted, never as delivered',
    }),
    binds: settings.integer(
      'SMPP_BINDS',
      { min: 1, max: 16 },
      { default: 1, about: 'Binds that send; they share the rate, each has its own window' },
    ),
    window: settings.integer(
      'SMPP_WINDOW',
      { min: 1, max: 1_000 },
      { default: 50, about: 'Unanswered messages on a bind at most' },
    ),
    ratePartsPerSecond: settings.integer(
      'SMPP_RATE_PARTS_PER_SECOND',
      { min: 1, max: 1_000_000 },
      { default: 1_000, about: 'Contracted rate in message parts; 95 % of it are used, by all replicas together' },
    ),
    timing: {
      enquireLinkMs:
        1_000 *
        settings.integer(
          'SMPP_ENQUIRE_LINK_SECONDS',
          { min: 1, max: 3_600 },
          { default: 30, about: 'How often the provider is asked whether it is there' },
        ),
    },
    header: text('SMS_HEADER', LONGEST_ADDRESS, {
      default: texts.header,
      about: 'Registered header (DLT), the sender of every text',
    }),
    sourceType: addressType('SOURCE', 'of the header', { ton: 5, npi: 0 }),
    destinationType: addressType('DESTINATION', 'of mobile numbers', { ton: 1, npi: 1 }),
    multiPart: settings.choice('SMPP_MULTI_PART', multiPartModes, {
      default: 'udh',
      about: 'How parts are marked: 8-bit header in the text, or sar_ parameters',
    }),
    messageIds: messageIds(
      settings.choice('SMPP_MESSAGE_IDS', messageIdForms, {
        default: 'as-is',
        about:
          'Message ids in answers and in receipts: the same text, the same number, or a number written differently',
      }) ?? 'as-is',
    ),
    statuses: settings.value(
      'SMPP_STATUSES',
      'statuses with their meaning, like 0x0401=template,0x0402=later',
      statusesOf,
      {
        default: '',
        about: 'What statuses of the provider mean besides the usual: later, header, template, number or other',
      },
    ),
    receipts: settings.choice('SMPP_RECEIPTS', receiptModes, {
      default: 'all',
      about:
        'Of which parts of a long text receipts come: all, any one for the whole text, the last for the whole text',
    }),
    validityPeriod: settings.choice('SMPP_VALIDITY_PERIOD', validityPeriods, {
      default: 'absolute',
      about: 'Until when a text is worth delivering, told to the SMSC as an absolute time, or not at all',
    }),
    entityId: settings.text('DLT_ENTITY_ID', {
      default: texts.entityId,
      about: 'Registered principal entity (DLT)',
    }),
    telemarketerChain: settings.text('DLT_TELEMARKETER_CHAIN', {
      default: '',
      about: 'Registered chain of telemarketers (DLT); not sent when empty',
    }),
    tlvTags: {
      entityId: tag('SMPP_TLV_ENTITY_ID', '0x1400', 'Parameter of the entity id'),
      templateId: tag('SMPP_TLV_TEMPLATE_ID', '0x1401', 'Parameter of the template id'),
      telemarketerChain: tag('SMPP_TLV_TELEMARKETER_CHAIN', '0x1402', 'Parameter of the telemarketer chain'),
    },
  };
}

/** Names the settings that are longer than SMPP 3.4 has room for: an SMSC that never gave them out will refuse the bind. */
export function beyondTheBook(account: Readonly<Record<keyof typeof BOOK, string>>): string[] {
  const settings = { systemId: 'SMPP_SYSTEM_ID', password: 'SMPP_PASSWORD', systemType: 'SMPP_SYSTEM_TYPE' } as const;
  const fields = Object.keys(BOOK) as (keyof typeof BOOK)[];
  return fields
    .filter((field) => account[field].length > BOOK[field])
    .map((field) => `${settings[field]} is longer than the ${BOOK[field]} characters of SMPP 3.4`);
}

function asciiOf(value: string, longest: number): string {
  if (value.length > longest || !/^[\x20-\x7e]*$/.test(value)) throw new RangeError('not such a text');
  return value;
}

function statusesOf(text: string): StatusTable {
  const table = parseStatusTable(text);
  if (table === null) throw new RangeError('no such statuses');
  return table;
}

/** Tags of vendors' parameters have two octets (SMPP 3.4, 5.3.1). */
function tagOf(text: string): number | undefined {
  if (text === 'none') return undefined;
  if (!/^0x[\da-f]{1,4}$/i.test(text)) throw new RangeError('no tag');
  return Number(text);
}
