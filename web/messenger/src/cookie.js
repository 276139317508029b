const nineMonths = 274 * 24 * 60 * 60; // seconds

let widest; // the domain attribute of our cookies, once it is known

export function readCookie(name) {
  const pair = document.cookie.split('; ').find((cookie) => cookie.startsWith(name + '='));
  return pair ? pair.slice(name.length + 1) : '';
}

export function writeCookie(name, value) {
  put(name, value, nineMonths, domain());
}

// One of the same name may stand for this host alone.
export function clearCookie(name) {
  put(name, '', 0, '');
  put(name, '', 0, domain());
}

function put(name, value, seconds, scope) {
  document.cookie = `${name}=${value};path=/;max-age=${seconds};samesite=lax${scope}`;
}

// Which suffixes of a host are public only the browser knows: the shortest one that keeps a cookie is the site's own.
function domain() {
  if (widest === undefined) {
    const labels = location.hostname.split('.');
    const isAddress = /^[\d.]+$|:/.test(location.hostname);
    const scopes = labels.map((_, i) => ';domain=.' + labels.slice(i).join('.')).reverse();
    widest = (!isAddress && scopes.slice(1).find(keeps)) || '';
  }
  return widest;
}

function keeps(scope) {
  const probe = 'intercom-probe';
  put(probe, 1, 9, scope);
  const kept = readCookie(probe);
  put(probe, '', 0, scope);
  return kept;
}
