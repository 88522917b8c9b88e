/** Why a record can never be understood; the same each time it is tried. */
export type PoisonReason =
  | 'empty'
  | 'not-framed'
  | 'unknown-schema'
  | 'foreign-schema'
  | 'too-large'
  | 'malformed'
  | 'trailing-bytes'
  | 'bad-envelope'
  // Well formed, and yet against a rule of whoever hears it; the message says "<field>: <rule>".
  | 'refused';

/** A record that no retry will help: it is parked. The message names topic, reason and field, never a value. */
export class PoisonMessageError extends Error {
  readonly reason: PoisonReason;

  constructor(reason: PoisonReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PoisonMessageError';
    this.reason = reason;
  }
}
