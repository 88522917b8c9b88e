declare const paiseBrand: unique symbol;

/** An amount of money in whole paise; negative where it is owed to the consumer. 100 paise are one rupee. */
export type Paise = number & { readonly [paiseBrand]: true };

const PAISE_PER_RUPEE = 100;

/** Makes an amount of a number of paise. Throws `RangeError` unless it is an integer that a double holds exactly. */
export function paise(amount: number): Paise {
  if (!Number.isSafeInteger(amount)) throw new RangeError('an amount in paise is a whole number below 2^53');
  return (amount === 0 ? 0 : amount) as Paise;
}

/** Writes an amount in rupees with two decimals and without separators, as SMS templates want it: `1450.50`. */
export function formatRupees(amount: Paise): string {
  const absolute = Math.abs(amount);
  const rupees = Math.floor(absolute / PAISE_PER_RUPEE);
  const rest = String(absolute % PAISE_PER_RUPEE).padStart(2, '0');
  return `${amount < 0 ? '-' : ''}${rupees}.${rest}`;
}
