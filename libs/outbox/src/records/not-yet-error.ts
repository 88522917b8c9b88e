/**
 * What an event needs has not come yet, from another topic say, since topics keep no order between them. Its key waits and tries again as
 * after a failure, only longer (`maxWaits`): nobody is to blame. The message holds no value of the event.
 */
export class NotYetError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotYetError';
  }
}
