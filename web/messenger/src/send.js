import { withoutSecrets } from './address.js';
import { api, app } from './config.js';
import { newUUID } from './uuid.js';

const page = newUUID();
let sent = 0;

// Answers the promise of a response. The request outlives the page and carries no cookies; its content type spares the
// browser from asking first whether it may.
export function send(path, fields) {
  const common = {
    app_id: app,
    v: 3,
    s: page,
    n: ++sent,
    platform: 'web',
    referer: withoutSecrets(location.href),
    r: withoutSecrets(document.referrer),
    page_title: document.title.slice(0, 500),
    lang: navigator.language || '',
    tz: Intl.DateTimeFormat().resolvedOptions().timeZone || '',
    dnt: navigator.doNotTrack === '1' || navigator.globalPrivacyControl ? 1 : 0,
  };
  return fetch(api + '/messenger/web/' + path, {
    method: 'POST',
    body: new URLSearchParams(Object.assign(common, fields)),
    credentials: 'omit',
    keepalive: true,
    referrerPolicy: 'origin',
  });
}
