const nineMonths = 274 * 24 * 60 * 60; // seconds

// In a frame without an origin even reading throws: such a page keeps nothing.
/** @type {{ cookie: string }} */
let jar = document;
try {
  jar.cookie;
} catch {
  jar = { cookie: '' };
}

let widest; // the domain attribute of our cookies, once it is known

export function readCookie(name) {
  const pair = jar.cookie.split('; ').find((cookie) => cookie.startsWith(name + '='));
  return pair ? pair.slice(name.length + 1) : '';
}

export function writeCookie(name, value, seconds = nineMonths) {
  put(name, value, seconds, domain());
}

// One of the same name may stand for this host alone.
export function clearCookie(name) {
  put(name, '', 0, '');
  put(name, '', 0, domain());
}

function put(name, value, seconds, scope) {
  const secure = location.protocol === 'https:' ? ';secure' : '';
  jar.cookie = `${name}=${value};path=/;max-age=${seconds};samesite=lax${secure}${scope}`;
}

// Which suffixes of a host are public only the browser knows: the shortest one that keeps a cookie is the site's own.
function domain() {
  if (widest === undefined) {
    const labels = location.hostname.split('.');
    widest = labels.map((_, i) => ';domain=' + labels.slice(-1 - i).join('.')).find(keeps) || '';
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
