/** A link in any writing: with a scheme, or a name with a dot that browsers and handsets make one of. */
const LINK = /[a-z]+:\/\/|www\.|\b[a-z0-9-]+\.[a-z]{2,}\b/i;

/** A line end, and the two that join and part letters of Hindi, where they stand behind one. */
const SEEN_THOUGH_INVISIBLE = /\n|(?<=\p{Script=Devanagari})[\u200c\u200d]/gu;

/** What has no shape of its own, also where Unicode counts it among letters (Hangul fillers), marks or symbols (blank Braille). */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

const OTHER_SPACE = /(?! )\p{Z}/u;

/** Says which characters of a text or a label operators would not take as they stand; one that cannot be seen is named by its code. */
export function writingProblems(text: string): string[] {
  const invisible = INVISIBLE.exec(text.replaceAll(SEEN_THOUGH_INVISIBLE, ''));
  const space = OTHER_SPACE.exec(text);
  return [
    ...(/ {2}/.test(text) ? ['has a double space'] : []),
    ...(text.trim() === text ? [] : ['begins or ends with a space']),
    ...(space === null ? [] : [`has the space ${codeOf(space[0])}: write U+0020`]),
    ...(/[<>]/.test(text) ? ['has an angle bracket'] : []),
    ...(invisible === null ? [] : [`has the invisible character ${codeOf(invisible[0])}`]),
    ...(LINK.test(text) ? ['has a link'] : []),
  ];
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
