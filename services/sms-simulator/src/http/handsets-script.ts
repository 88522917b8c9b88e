/**
 * Script of the handsets page: fetches the page anew and puts in what has changed, part by part. The field in which a person types is in
 * none of those parts, so it is never touched. It waits while text is selected, and while nobody looks.
 */
export const handsetsScript = `'use strict';
const EVERY_MS = 5000;

async function refresh() {
  if (document.hidden || getSelection()?.isCollapsed === false) return;
  const answer = await fetch(location.href).catch(() => undefined);
  if (answer === undefined || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const latest = fresh.querySelector('[data-live="' + part.dataset.live + '"]');
    if (latest !== null && latest.innerHTML !== part.innerHTML) part.innerHTML = latest.innerHTML;
  }
}

setInterval(refresh, EVERY_MS);
`;
