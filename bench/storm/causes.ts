import type { Cause } from './by-class.ts';
import type { People } from './people.ts';
import type { AccountWord, Story } from './story.ts';
import type { SentText } from './text-log.ts';
import { accountIn, familyOf } from './untrue.ts';

/** What tells for what a text went out: what was said, the thread that each id of the SMSC was recorded for, and who has which account. */
export type Known = { readonly story: Story; readonly threads: ReadonlyMap<string, string>; readonly people: People };

/** What was said, with the texts that tell of it. */
type Told = Omit<Cause, 'texts'> & { readonly texts: readonly SentText[] };

/** Puts every text to what it tells of: those of outages by the ledger, those of one account by the handset and what they say. */
export function causesOf(texts: readonly SentText[], { story, threads, people }: Known): Told[] {
  const byThread = Map.groupBy(texts, ({ ids: [id = ''] }) => threads.get(id) ?? '');
  const byMobile = Map.groupBy(texts, ({ mobile }) => mobile);
  const ofOutage = (id: string, ...families: string[]): SentText[] =>
    (byThread.get(`outage:${id}`) ?? []).filter((text) => families.includes(familyOf(text)));
  const mobileOf = mobilesOf(people, [...story.complaints, ...story.payments]);
  const ofAccount = ({ accountNumber, saidAt }: AccountWord, ...families: string[]): SentText[] =>
    (byMobile.get(mobileOf.get(accountNumber) ?? '') ?? []).filter(
      (text) => text.at >= saidAt && families.includes(familyOf(text)) && accountNumber.endsWith(accountIn(text) ?? ''),
    );
  return [
    ...story.outages.flatMap(({ id, times: [reported, moved], restored }): Told[] => [
      { of: 'unplanned', saidAt: reported?.saidAt ?? NaN, texts: ofOutage(id, 'unplanned', 'untimed') },
      ...(moved === undefined
        ? []
        : [{ of: 'new time', saidAt: moved.saidAt, texts: ofOutage(id, 'estimate') } as const]),
      { of: 'restored', saidAt: restored.saidAt, texts: ofOutage(id, 'restored', 'partly') },
    ]),
    { of: 'planned', saidAt: story.planned.saidAt, texts: ofOutage(story.planned.id, 'planned') },
    ...story.complaints.map(
      (word): Told => ({
        ...{ of: 'complaint', saidAt: word.saidAt, texts: ofAccount(word, 'complaint-lodged', 'complaint-answered') },
      }),
    ),
    ...story.payments.map((word): Told => ({ of: 'payment', saidAt: word.saidAt, texts: ofAccount(word, 'payment') })),
    { of: 'bill', saidAt: story.bills.saidAt, texts: texts.filter((text) => familyOf(text) === 'bill') },
  ];
}

function mobilesOf(people: People, words: readonly AccountWord[]): ReadonlyMap<string, string> {
  const wanted = new Set(words.map(({ accountNumber }) => accountNumber));
  const found = new Map<string, string>();
  for (const [mobile, connections] of people)
    for (const { account } of connections) if (wanted.has(account)) found.set(account, mobile);
  return found;
}
