import { istClock, istDayMonth, isSameIstDay } from '@bijli/units';
import { type HandsetMessage, textOf } from '../handsets/message-store.ts';
import type { SmscCounters } from '../smsc/counters.ts';
import { type Html, html } from './html.ts';
import { soughtDigits } from './sought-digits.ts';

/** What the page shows. */
export type HandsetsPageInput = {
  /** Newest first. */
  readonly messages: Iterable<HandsetMessage>;
  /** What a person typed to find a handset; empty for all. */
  readonly typed: string;
  readonly counters: SmscCounters;
  readonly isConnected: boolean;
  readonly now: Date;
};

type Phone = { readonly number: string; readonly messages: HandsetMessage[] };

/** Characters of the field in which a number is looked for. */
export const MOST_TYPED = 40;
const SHOWN_PHONES = 24;
const SHOWN_MESSAGES = 4;
/** So long a bubble is marked as new. */
const NEW_MS = 10_000;

/**
 * Writes the page with the handsets: the latest first, readable without scripts. Its script puts the parts with `data-live` in anew; a
 * page that reloaded itself would wipe what a person types.
 */
export function handsetsPage({ messages, typed, counters, isConnected, now }: HandsetsPageInput): string {
  const all = phonesOf(messages);
  const searched = soughtDigits(typed);
  const found = all.filter(({ number }) => number.includes(searched));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Handsets. Bijli Alert</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/handsets.css">
<script src="/handsets.js" defer></script>
</head>
<body>
${symbols}
${bar(isConnected, now)}
<main>
<div data-live="told"><h1>${heading(all)}</h1>
<p class="lede">Every text came over SMPP from the notifier. The SMSC here is simulated: nothing leaves this machine.</p>
${counts(all, counters)}</div>
${search(typed)}
<div data-live="handsets">${searchOutcome(typed, searched, found.length)}
${found.length === 0 ? nothing(searched) : html`<div class="wall">${found.slice(0, SHOWN_PHONES).map((phone) => phoneOf(phone, now))}</div>`}
${found.length > SHOWN_PHONES ? html`<p class="soft">${found.length - SHOWN_PHONES} more handsets have messages; look for a number to see one of them.</p>` : ''}</div>
${fates}
</main>
</body>
</html>
`;
  return page.text;
}

function phonesOf(messages: Iterable<HandsetMessage>): Phone[] {
  const phones = new Map<string, Phone>();
  for (const message of messages) {
    const phone = phones.get(message.to);
    if (phone === undefined) phones.set(message.to, { number: message.to.slice(-10), messages: [message] });
    else phone.messages.push(message);
  }
  return [...phones.values()];
}

const number = (value: number): string => value.toLocaleString('en-IN');
const countOf = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`;

function heading(phones: readonly Phone[]): string {
  const reached = phones.filter(({ messages }) => messages.some(({ state }) => state === 'delivered'));
  const delivered = reached.flatMap(({ messages }) => messages.filter(({ state }) => state === 'delivered')).length;
  if (phones.length === 0) return 'No text has arrived yet';
  if (delivered === 0)
    return `No text has reached its handset yet, of ${countOf(phones.length, 'handset', 'handsets')}`;
  return `${countOf(delivered, 'text has', 'texts have')} reached ${countOf(reached.length, 'handset', 'handsets')}`;
}

function bar(isConnected: boolean, now: Date): Html {
  const link = isConnected ? status('on', 'i-dot', 'Notifier connected') : status('off', 'i-x', 'Nobody connected');
  return html`<header class="bar" data-live="bar">
<span class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 3h7.5v7.5H3zM13.5 3H21v7.5h-7.5zM3 13.5h7.5V21H3z" fill="var(--lit)" stroke="var(--lit-edge)"/><path d="M13.5 13.5H21V21h-7.5zM13.5 21L21 13.5" fill="none" stroke="currentColor"/></svg> Bijli Alert <span lang="hi">बिजली अलर्ट</span></span>
<div class="now">${link} <time datetime="${now.toISOString()}">${istClock(now)}</time> IST</div>
</header>`;
}

function status(kind: 'on' | 'off' | 'act' | 'quiet', icon: string, words: string): Html {
  return html`<span class="st ${kind}"><svg class="i" aria-hidden="true"><use href="#${icon}"/></svg>${words}</span>`;
}

function counts(phones: readonly Phone[], { throttled, refused }: SmscCounters): Html {
  const states = Map.groupBy(
    phones.flatMap((phone) => phone.messages),
    ({ state }) => state,
  );
  const of = (state: HandsetMessage['state']): number => states.get(state)?.length ?? 0;
  const rows = [
    { value: of('delivered'), words: status('on', 'i-del', 'delivered') },
    { value: of('accepted'), words: status('act', 'i-sent', 'on the way') },
    { value: of('failed'), words: status('off', 'i-x', 'failed') },
    ...[
      { value: of('unanswered'), words: status('quiet', 'i-none', 'no answer given') },
      { value: refused, words: status('off', 'i-x', 'refused') },
      { value: throttled, words: status('quiet', 'i-clock', 'throttled') },
    ].filter(({ value }) => value > 0),
  ];
  return html`<dl class="count">${rows.map(({ value, words }) => html`<div><dt>${words}</dt><dd>${number(value)}</dd></div>`)}</dl>`;
}

function search(typed: string): Html {
  return html`<form class="find" method="get" action="/" role="search">
<div><label for="to">Look for a number</label><input id="to" name="to" inputmode="numeric" autocomplete="off" maxlength="${MOST_TYPED}" value="${typed}"></div>
<button>Look</button>${typed === '' ? '' : html`<a href="/">All handsets</a>`}<noscript><a href="${typed === '' ? '/' : `/?to=${encodeURIComponent(typed)}`}">Refresh</a></noscript>
</form>`;
}

function searchOutcome(typed: string, searched: string, found: number): Html | string {
  if (typed === '') return '';
  return searched === ''
    ? html`<p role="status"><b>There is no digit in “${typed}”.</b> Type some digits of a mobile number; all handsets are shown.</p>`
    : html`<p class="soft" role="status">${countOf(found, 'handset', 'handsets')} found</p>`;
}

function nothing(searched: string): Html {
  return searched === ''
    ? html`<div class="empty"><p><b>Handsets appear here with their first text.</b></p><p class="soft">Report an outage, or announce planned work, on a feeder that has connections.</p></div>`
    : html`<div class="empty"><p><b>No handset with ${searched} has a text.</b></p><p class="soft">Only the latest 10,000 messages are shown; the log has them all.</p></div>`;
}

function phoneOf({ number: digits, messages }: Phone, now: Date): Html {
  const shown = messages.slice(0, SHOWN_MESSAGES).toReversed();
  const older = messages.length - shown.length;
  const title = `${digits.slice(0, 5)} ${digits.slice(5)}`;
  return html`<section class="phone" aria-label="Handset ${title}"><header><h2>${title}</h2><span>${older > 0 ? `${number(older)} older, ` : ''}${messages[0]?.from ?? ''}</span></header>
<ol>${shown.map((message) => bubble(message, now))}</ol></section>`;
}

function bubble(message: HandsetMessage, now: Date): Html {
  const text = textOf(message);
  const at = message.receivedAt;
  const time = isSameIstDay(at, now) ? istClock(at) : `${istDayMonth(at)} ${istClock(at)}`;
  const isNew = now.getTime() - at.getTime() < NEW_MS;
  const parts = message.parts.length > 1 ? html`<span>${message.parts.length} parts</span>` : '';
  return html`<li class="bub${isNew ? ' new' : ''}"><p lang="${/\p{Script=Devanagari}/u.test(text) ? 'hi' : 'en'}">${text}</p><div class="at"><time datetime="${at.toISOString()}">${time}</time> ${stateOf(message)} ${parts}</div></li>`;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['630', 'template not found'],
  ['027', 'handset unreachable'],
  ['001', 'no such subscriber'],
]);

function stateOf({ state, error }: HandsetMessage): Html {
  switch (state) {
    case 'delivered':
      return status('on', 'i-del', 'delivered');
    case 'accepted':
      return status('act', 'i-sent', 'on the way');
    case 'failed':
      return status('off', 'i-x', `failed: ${reasons.get(error ?? '') ?? 'error'} (${error ?? '?'})`);
    case 'unanswered':
      return status('quiet', 'i-none', 'no answer given');
  }
}

const symbols = html`<svg class="symbols" aria-hidden="true"><symbol id="i-clock" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.4 2"/></symbol>
<symbol id="i-del" viewBox="0 0 24 24"><path d="M2.5 12.5l4.2 4.2L15 8M11 15.6l1.1 1.1L21.5 7"/></symbol>
<symbol id="i-dot" viewBox="0 0 24 24"><circle cx="12" cy="12" r="6" fill="currentColor" stroke="none"/></symbol>
<symbol id="i-none" viewBox="0 0 24 24"><rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M3 20L21 4"/></symbol>
<symbol id="i-sent" viewBox="0 0 24 24"><path d="M4 12h14M12 6l6 6-6 6"/></symbol>
<symbol id="i-x" viewBox="0 0 24 24"><path d="M6 6l12 12M18 6L6 18"/></symbol>
</svg>`;

const fates = html`<div><p class="soft small">Numbers with a fixed fate:</p><dl class="fates">
<div><dt>99999 00001</dt><dd>delivered</dd></div><div><dt>99999 00002</dt><dd>template not found</dd></div><div><dt>99999 00003</dt><dd>handset unreachable</dd></div><div><dt>99999 00004</dt><dd>never an answer</dd></div><div><dt>99999 00005</dt><dd>no such subscriber</dd></div>
</dl></div>`;
