import { app } from './config.js';

const key = 'intercom-unheard-' + app;

// What a page could not get rid of waits in its tab for the next page. A browser may refuse to store anything.
export function keepUnheard(unheard) {
  try {
    sessionStorage.setItem(key, JSON.stringify(unheard));
  } catch {}
}

export function takeUnheard() {
  try {
    const kept = JSON.parse(String(sessionStorage.getItem(key)));
    sessionStorage.removeItem(key);
    return kept || {};
  } catch {
    return {};
  }
}
