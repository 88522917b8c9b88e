/** The rule of the paper, written down a second time: ten digits, the first 6 to 9, not all the same (sms.md, Numbers). */
export function mobileOf(written: string): string | null {
  const latin = [...written].map((c) => (c >= '०' && c <= '९' ? String(c.charCodeAt(0) - 0x0966) : c)).join('');
  const digits = latin.replace(/[\s-]/g, '');
  const bare = /^\+91\d{10}$/.test(digits)
    ? digits.slice(3)
    : /^91\d{10}$/.test(digits)
      ? digits.slice(2)
      : /^0\d{10}$/.test(digits)
        ? digits.slice(1)
        : digits;
  if (!/^[6-9]\d{9}$/.test(bare)) return null;
  return new Set(bare).size === 1 ? null : bare;
}
