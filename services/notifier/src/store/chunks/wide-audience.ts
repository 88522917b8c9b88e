/** A run of more contacts is read by its range of mobiles, one of fewer by its nodes. */
export const WIDE_AUDIENCE = 20_000;
