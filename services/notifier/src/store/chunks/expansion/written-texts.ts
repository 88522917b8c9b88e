import { SEALED_OCTETS } from '@bijli/units';
import type { Carrier } from '../load-carriers.ts';

/** Texts of one form, as they were written: what differs from one to the next lies end to end. */
export type WrittenTexts = {
  readonly templateKey: string;
  readonly claimNo: number | null;
  readonly sealKeyId: string;
  readonly seqs: readonly number[];
  readonly accounts: readonly string[];
  readonly seals: Buffer;
};

/** Makes the columns of WrittenTexts out of `written`; there are a few forms in a chunk, and a row for each text would cost more than its text. */
export const WRITTEN_TEXTS = `template_key as "templateKey", claim_no as "claimNo", seal_key_id as "sealKeyId",
            json_agg(seq) as seqs, json_agg(coalesce(named_account, account_number)) as accounts, string_agg(sealed_number, '') as seals`;
export const BY_FORM = 'template_key, claim_no, seal_key_id';

/** Reads the texts of a whole chunk, in order of seq, which counts from 1 without gaps. */
export function carriersOf(written: readonly WrittenTexts[]): Carrier[] {
  const carriers = new Array<Carrier>(written.reduce((sum, { seqs }) => sum + seqs.length, 0));
  for (const { templateKey, claimNo, sealKeyId, seqs, accounts, seals } of written) {
    for (const [n, seq] of seqs.entries()) {
      const sealedNumber = seals.subarray(n * SEALED_OCTETS, (n + 1) * SEALED_OCTETS);
      carriers[seq - 1] = {
        seq,
        templateKey,
        claimNo,
        accountNumber: accounts[n] ?? '',
        sealedNumber,
        sealKeyId,
        facts: null,
      };
    }
  }
  return carriers;
}
