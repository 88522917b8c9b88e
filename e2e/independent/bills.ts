import type { Row } from './csv.ts';
import { mobileOf } from './numbers.ts';
import type { ExpectedText } from './texts.ts';
import { approvedText, fill } from './texts.ts';

/** One line of a billing file: what happened on an account. Amounts are paise. */
export type BillingLine = {
  readonly type: 'BillGenerated' | 'PaymentReceived' | 'PaymentReversed' | 'BillCancelled';
  readonly account: string;
  readonly reference: string;
  /** Null where something is taken back. */
  readonly paise: number | null;
};

/** What is outstanding on each account when everything in a file has happened, in whatever order: a plain sum. */
export function outstandingAfter(lines: readonly BillingLine[]): Map<string, number> {
  const amounts = new Map(
    lines.flatMap(({ type, account, reference, paise }) =>
      paise === null ? [] : [[`${type === 'BillGenerated' ? 'bill' : 'payment'} ${account} ${reference}`, paise]],
    ),
  );
  const sums = new Map<string, number>();
  for (const { type, account, reference, paise } of distinct(lines)) {
    const item = type === 'BillGenerated' || type === 'BillCancelled' ? 'bill' : 'payment';
    const amount = paise ?? amounts.get(`${item} ${account} ${reference}`) ?? 0;
    const sign = type === 'BillGenerated' || type === 'PaymentReversed' ? 1 : -1;
    sums.set(account, (sums.get(account) ?? 0) + sign * amount);
  }
  return sums;
}

/** The same bill or payment, told twice, happened once. */
export function distinct(lines: readonly BillingLine[]): BillingLine[] {
  return [...new Map(lines.map((line) => [`${line.type} ${line.account} ${line.reference}`, line])).values()];
}

/** The text of each bill to whoever can be told: one bill per account, and nothing paid yet. */
export function expectedBillTexts(
  bills: readonly BillingLine[],
  connections: readonly Row[],
  dueOn: string,
): ExpectedText[] {
  const byAccount = new Map(connections.map((row) => [row['account_number'] ?? '', row]));
  return bills.flatMap(({ account, paise }) => {
    const row = byAccount.get(account);
    const mobile = mobileOf(row?.['mobile'] ?? '');
    if (mobile === null) return [];
    const { template, templateId } = approvedText(`bill.due.${row?.['language'] === 'en' ? 'en' : 'hi'}`);
    const rupees = `${Math.floor((paise ?? 0) / 100)}.${String((paise ?? 0) % 100).padStart(2, '0')}`;
    const values = {
      account: account.slice(-4),
      amount: rupees,
      outstanding: rupees,
      due: `${dueOn.slice(8)}-${dueOn.slice(5, 7)}`,
    };
    return [{ mobile, templateId, text: fill(template, values) }];
  });
}
