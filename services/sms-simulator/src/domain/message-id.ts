import type { MessageIdFormat } from './behaviour.ts';

/** Width of a padded id. */
const PADDED_DIGITS = 20;

/** Writes a message id the way a setting wants it. */
export function formatMessageId(id: number, format: MessageIdFormat): string {
  switch (format) {
    case 'decimal':
      return String(id);
    case 'padded':
      return String(id).padStart(PADDED_DIGITS, '0');
    case 'hex':
      return id.toString(16);
    case 'upper-hex':
      return id.toString(16).toUpperCase();
  }
}
