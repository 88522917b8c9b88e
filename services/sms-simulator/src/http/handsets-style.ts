/** Style of the handsets page, in the language of the whole product: its colours, spaces and the drawing of a handset. */
export const handsetsStyle = `
@font-face { font-family: "Noto Sans Devanagari"; src: url("/devanagari.woff2") format("woff2"); unicode-range: U+0900-097F, U+200C-200D, U+20B9, U+25CC, U+A830-A839, U+A8E0-A8FF; font-display: swap; }
:root {
  color-scheme: light dark;
  --page: light-dark(#f2f5f4, #0d1417); --surface: light-dark(#ffffff, #141d21); --sunken: light-dark(#e6ebe9, #0a1013);
  --line: light-dark(#cdd5d2, #2a373c); --edge: light-dark(#71807b, #73858c);
  --ink: light-dark(#14211e, #e8eeef); --ink-2: light-dark(#43524e, #b4c0c4);
  --accent: light-dark(#0a586e, #74c4d8); --off: light-dark(#a3261b, #ff9384); --on: light-dark(#17643a, #79d19d);
  --quiet: light-dark(#55625d, #a3b0b4); --lit: light-dark(#f6d98c, #7c632a); --lit-edge: light-dark(#a27a1c, #b8984c);
  --sans: "Noto Sans", "Noto Sans Devanagari", system-ui, "Segoe UI", Roboto, "Nirmala UI", "Kohinoor Devanagari", sans-serif;
  --t-xs: .8125rem; --t-s: .875rem; --t-m: 1rem; --t-xl: 1.5rem; --t-2xl: 2rem;
  --s1: .25rem; --s2: .5rem; --s3: .75rem; --s4: 1rem; --s5: 1.5rem; --s6: 2rem;
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 400 var(--t-m)/1.45 var(--sans); background: var(--page); color: var(--ink); font-variant-numeric: tabular-nums; }
:lang(hi) { line-height: 1.65; }
h1, p, ol, ul, dl, dd { margin: 0; padding: 0; }
ol, ul { list-style: none; }
h1 { font-size: var(--t-2xl); line-height: 1.2; text-wrap: balance; }
a { color: var(--accent); text-underline-offset: .18em; }
svg { display: block; }
.symbols { position: absolute; width: 0; height: 0; }
.i { width: 1.1em; height: 1.1em; flex: none; align-self: center; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.soft { color: var(--ink-2); }
.small { font-size: var(--t-s); }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0 var(--s5); padding: 0 var(--s5); min-height: 56px; border-bottom: 1px solid var(--line); background: var(--surface); }
.brand { display: inline-flex; align-items: center; gap: var(--s2); font-weight: 700; white-space: nowrap; }
.brand svg { width: 24px; height: 24px; stroke-width: 2; }
.brand span { font-weight: 400; color: var(--ink-2); }
.now { margin-left: auto; display: flex; align-items: center; gap: var(--s3); font-size: var(--t-s); color: var(--ink-2); white-space: nowrap; }
.now time { font-weight: 700; color: var(--ink); font-size: var(--t-m); }
main { padding: var(--s5); max-width: 1440px; margin: 0 auto; }
main > * + * { margin-top: var(--s5); }
.lede { margin-top: var(--s1); color: var(--ink-2); max-width: 80ch; }
.count { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s6); }
.count > div { display: flex; align-items: baseline; gap: var(--s2); }
.count dt { order: 2; }
.count dd { font-size: var(--t-xl); font-weight: 700; }
.st { display: inline-flex; align-items: baseline; gap: .35em; font-weight: 700; color: var(--c, var(--quiet)); }
.on { --c: var(--on); } .off { --c: var(--off); } .act { --c: var(--accent); } .quiet { --c: var(--quiet); }
.find { display: flex; flex-wrap: wrap; align-items: end; gap: var(--s2) var(--s3); }
.find label { font-weight: 700; display: block; }
.find input { min-height: 44px; width: 15rem; max-width: 100%; padding: .4em .7em; font: inherit; color: var(--ink); background: var(--surface); border: 1px solid var(--edge); border-radius: 4px; }
.find button { min-height: 44px; padding: .4em 1em; font: inherit; font-weight: 700; color: var(--ink); background: var(--surface); border: 1px solid var(--edge); border-radius: 4px; cursor: pointer; }
.find button:hover { border-color: var(--ink); }
.find a { padding: .7em 0; }
.wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: var(--s5); }
.phone { border: 2px solid var(--edge); border-radius: 18px; background: var(--surface); overflow: hidden; display: flex; flex-direction: column; min-height: 15rem; }
.phone h2 { margin: 0; font-size: var(--t-xs); }
.phone header { display: flex; justify-content: space-between; gap: var(--s2); padding: .5em 1em; font-size: var(--t-xs); color: var(--ink-2); border-bottom: 1px solid var(--line); }
.phone header h2 { color: var(--ink); }
.phone ol { padding: var(--s3); display: flex; flex-direction: column; gap: var(--s3); flex: 1; background: var(--sunken); }
.bub { max-width: 92%; padding: .55em .8em; border-radius: 12px 12px 12px 2px; background: var(--surface); border: 1px solid var(--line); overflow-wrap: anywhere; align-self: flex-start; line-height: 1.6; }
.bub p { white-space: pre-wrap; }
.bub.new { border-color: var(--accent); box-shadow: inset 3px 0 0 var(--accent); }
.at { font-size: var(--t-xs); color: var(--ink-2); display: flex; flex-wrap: wrap; gap: .35em; margin-top: .3em; }
.empty { padding: var(--s6); border: 1px dashed var(--edge); border-radius: 18px; max-width: 44rem; }
.empty p + p { margin-top: var(--s2); }
.fates { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: var(--s2) var(--s5); font-size: var(--t-s); border-top: 1px solid var(--line); padding-top: var(--s4); }
.fates dt { font-weight: 700; }
@media (max-width: 720px) { main { padding: var(--s4); } .bar { padding: 0 var(--s4); } h1 { font-size: 1.625rem; } .brand span { display: none; } .phone { min-height: 0; } }
`;
