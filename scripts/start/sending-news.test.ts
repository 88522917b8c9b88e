import { describe, expect, test } from '@jest/globals';
import { sendingNews } from './sending-news.ts';

const lineOf = (fields: object): string => JSON.stringify({ level: 'info', service: 'notifier', ...fields });

describe('what the start command says of the sending', () => {
  test('is each change of the link and of the switch, and nothing else, once the start is over', () => {
    const said: string[] = [];
    const news = sendingNews((line) => void said.push(line));
    const down = { message: 'SMPP link is down, will be opened again', bind: 'transceiver', reason: 'ECONNREFUSED' };

    news.onLine(lineOf(down));
    news.begin();
    news.onLine(lineOf(down));
    news.onLine(lineOf({ message: 'notifier listens' }));
    news.onLine('no JSON');
    news.onLine(lineOf({ message: 'SMPP link is bound', bind: 'transceiver' }));
    news.onLine(lineOf({ message: 'sending is stopped', changedBy: 'shift-2', reason: 'wrong texts' }));
    news.onLine(lineOf({ message: 'sending goes on', changedBy: 'shift-2', reason: 'mended' }));

    expect(said).toEqual([
      '  the SMPP link is down (transceiver: ECONNREFUSED): texts wait, it is tried again',
      '  the SMPP link is up (transceiver)',
      '  all sending is stopped by shift-2: wrong texts',
      '  sending goes on by shift-2: mended',
    ]);
  });
});
