import { maskMobileNumber, type MobileNumber } from '@bijli/units';
import type { Screen } from '@bijli/start/narrator';
import type { Person } from './cast.ts';

/** Where the story is shown: titles in both languages, handsets with their texts, a line of counts that lives. */
export type Stage = {
  scene(hindi: string, english: string): void;
  say(line: string): void;
  /** Shows counts; at a terminal the line changes in place until `settle`. */
  count(line: string): void;
  settle(line: string): void;
  handset(person: Person, text: string): void;
  trace(id: string | null): void;
};

const WIDTH = 74;
const BUBBLE_WIDTH = 56;
const ANSI = { dim: '\u001b[2m', bold: '\u001b[1m', amber: '\u001b[33m', green: '\u001b[32m', off: '\u001b[0m' };

/** Makes the stage for a screen: plain whole lines where nobody watches them change. */
export function openStage({ live, write }: Screen): Stage {
  const style = (code: keyof typeof ANSI, text: string) => (live ? `${ANSI[code]}${text}${ANSI.off}` : text);
  const line = (text: string) => write(`${text}\n`);
  let number = 0;
  return {
    scene(hindi, english) {
      number += 1;
      line('');
      line(style('amber', '─'.repeat(WIDTH)));
      line(`${style('bold', `${number}. ${hindi}`)}  ${style('dim', '·')}  ${english}`);
      line('');
    },
    say: (text) => line(`   ${text}`),
    count: (text) => {
      if (live) write(`\r\u001b[K   ${style('amber', '…')} ${text}`);
    },
    settle: (text) => write(`${live ? '\r\u001b[K' : ''}   ${style('green', '✓')} ${text}\n`),
    handset({ mobile, language }, text) {
      const who = `${maskMobileNumber(mobile as MobileNumber)} (${language === 'hi' ? 'हिन्दी' : 'English'})`;
      line(`     ┌─ ${style('bold', who)}`);
      for (const part of wrapped(text)) line(`     │ ${part}`);
      line('     └─');
    },
    trace: (id) => line(style('dim', id === null ? '   not traced' : `   trace ${id}   npm run trace -- ${id}`)),
  };
}

/** Cuts a text into lines at its spaces. */
export function wrapped(text: string, width = BUBBLE_WIDTH): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
