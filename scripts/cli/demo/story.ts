import { istDay } from '@bijli/units';
import type { Ask } from './ask.ts';
import type { Cast, Person } from './cast.ts';
import type { Stage } from './stage.ts';
import { watchHandset, watchRun } from './watch.ts';

/** What a story is played with. */
export type Play = { readonly ask: Ask; readonly stage: Stage; readonly cast: Cast; readonly now?: () => Date };

const HOUR_MS = 3_600_000;
const BILL_PAISE = 145_050;
const PAID_PAISE = 100_000;

type Traced = { readonly traceId: string | null };
/** Played again within minutes it is the same outage, in a later version. */
type Outage = { readonly id: string; readonly version: number };
type Complaint = { readonly complaintNumber: string };

/** Plays the whole story once. It leaves no outage open and no complaint waiting, so it can be played again. */
export async function playStory(play: Play): Promise<void> {
  const outage = await feederGoesDark(play);
  await complaintIsExplained(play);
  await estimateMoves(play, outage);
  await powerReturns(play, outage);
  await billAndPayment(play);
  await complaintIsFixed(play);
}

async function feederGoesDark({ ask, stage, cast, now = clock }: Play): Promise<Outage> {
  stage.scene('बिजली गई', 'a feeder goes dark');
  stage.say(`${cast.feeder.code} · ${cast.feeder.nameEn} · ${cast.feeder.nameHi}`);
  const since = now();
  const outage = await ask<Outage>('POST', 'outage', '/v1/outages', {
    nodeIds: [cast.feeder.code],
    cause: 'transformer-fault',
  });
  await watchRun(ask, stage, outage.id, outage.version);
  await onBoth({ ask, stage, cast }, { since, fits: /बिजली बंद|power is off/ });
  return outage;
}

async function complaintIsExplained({ ask, stage, cast, now = clock }: Play): Promise<void> {
  stage.scene('शिकायत: कारण और समय तुरंत', 'whoever complains now hears cause and time instead of waiting');
  const since = now();
  await lodge({ ask, stage }, cast.hindi, 'no-supply');
  await watchHandset(ask, stage, cast.hindi, { since, fits: /शिकायत/ });
}

async function estimateMoves({ ask, stage, cast, now = clock }: Play, { id, version }: Outage): Promise<void> {
  stage.scene('समय बदला', 'the return time moves');
  const since = now();
  const estimatedRestorationAt = new Date(since.getTime() + 6 * HOUR_MS).toISOString();
  await ask('PUT', 'outage', `/v1/outages/${id}/restoration-estimate`, { estimatedRestorationAt });
  await watchRun(ask, stage, id, version + 1);
  await onBoth({ ask, stage, cast }, { since, fits: /बिजली अब|revised time/ });
}

async function powerReturns({ ask, stage, cast, now = clock }: Play, { id, version }: Outage): Promise<void> {
  stage.scene('बिजली आ गई', 'power returns, and only those who heard of the cut hear of it');
  const since = now();
  await ask('POST', 'outage', `/v1/outages/${id}/restoration`, {});
  await watchRun(ask, stage, id, version + 2);
  await onBoth({ ask, stage, cast }, { since, fits: /बिजली आ गई|power was restored/ });
}

async function billAndPayment({ ask, stage, cast, now = clock }: Play): Promise<void> {
  stage.scene('बिल और भुगतान', 'a bill, and a payment of part of it');
  const since = now();
  const [billed, paid] = [`D-BILL-${since.getTime()}`, `D-PAY-${since.getTime()}`];
  const { accountNumber } = cast.english;
  const bill = await ask<Traced>('POST', 'billing', '/v1/bills', {
    ...{ accountNumber, reference: billed, amountPaise: BILL_PAISE },
    ...{ issuedOn: istDay(since), dueOn: istDay(new Date(since.getTime() + 15 * 24 * HOUR_MS)) },
  });
  await watchHandset(ask, stage, cast.english, { since, fits: /bill of Rs/ });
  stage.say(`npm run trace -- ${billed}`);
  stage.trace(bill.traceId);
  const payment = await ask<Traced>('POST', 'billing', '/v1/payments', {
    ...{ accountNumber, reference: paid, amountPaise: PAID_PAISE },
  });
  await watchHandset(ask, stage, cast.english, { since, fits: /payment of Rs/ });
  stage.say(`npm run trace -- ${paid}`);
  stage.trace(payment.traceId);
}

async function complaintIsFixed({ ask, stage, cast, now = clock }: Play): Promise<void> {
  stage.scene('शिकायत: बंद तभी, जब आप पुष्टि करें', 'a complaint is closed when the consumer confirms it');
  const { accountNumber } = cast.english;
  let since = now();
  const number = await lodge({ ask, stage }, cast.english, 'low-voltage');
  await watchHandset(ask, stage, cast.english, { since, fits: new RegExp(`${number} is registered`) });
  const step = (name: string, body: object) => ask('POST', 'complaint', `/v1/complaints/${number}/${name}`, body);
  await step('assignment', { officeCode: 'JE-DEMO-01' });
  await step('work', {});
  since = now();
  await step('resolution', {});
  await watchHandset(ask, stage, cast.english, { since, fits: new RegExp(`${number} has been reported as resolved`) });
  await step('confirmation', { accountNumber, isBack: true });
  await watchHandset(ask, stage, cast.english, {
    since,
    fits: new RegExp(`${number} was closed on your confirmation`),
  });
}

async function lodge({ ask, stage }: Pick<Play, 'ask' | 'stage'>, person: Person, kind: string): Promise<string> {
  const body = { accountNumber: person.accountNumber, kind };
  const { complaintNumber } = await ask<Complaint>('POST', 'complaint', '/v1/complaints', body);
  stage.settle(`${complaintNumber}   npm run trace -- ${complaintNumber}`);
  return complaintNumber;
}

async function onBoth({ ask, stage, cast }: Play, seen: { since: Date; fits: RegExp }): Promise<void> {
  await watchHandset(ask, stage, cast.hindi, seen);
  await watchHandset(ask, stage, cast.english, seen);
}

const clock = (): Date => new Date();
