/** A place where a fault test may stop or kill the process, by name; the default does nothing. */
export type Failpoint = (name: string) => Promise<void>;
