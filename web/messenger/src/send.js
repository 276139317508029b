import { withoutSecrets } from './address.js';
import { api, app } from './config.js';
import { isMinimal, wantsNoTracking } from './consent.js';

const patience = 20000; // milliseconds

export const seconds = () => Math.floor(Date.now() / 1000);

export const here = () => withoutSecrets(isMinimal ? location.origin + location.pathname : location.href);

export const wayHere = () => (isMinimal ? '' : withoutSecrets(document.referrer));

// Answers the promise of a response. The request outlives the page, if it is not too large for that, and carries no
// cookies; its content type spares the browser from asking first whether it may. One that can be stopped lasts until then.
export function send(path, fields, stop) {
  const all = {
    app_id: app,
    v: 3,
    clock: seconds(),
    referer: here(),
    r: wayHere(),
    tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
    dnt: wantsNoTracking && 1,
    webdriver: navigator.webdriver && 1,
    ...fields,
  };
  const body = new URLSearchParams();
  Object.keys(all).forEach((key) => all[key] && body.append(key, all[key]));
  const over = stop || new AbortController();
  if (!stop) setTimeout(() => over.abort(), patience);
  return fetch(api + '/messenger/web/' + path, {
    method: 'POST',
    body,
    credentials: 'omit',
    keepalive: !stop && String(body).length < 6e4,
    referrerPolicy: 'origin',
    signal: over.signal,
  });
}
