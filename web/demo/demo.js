'use strict';

const app = document.currentScript.dataset.app;
const cookie = 'intercom-id-' + app;
const find = (id) => document.getElementById(id);
const tokenKey = 'lobby-token';
const server = location.origin + location.pathname.replace(/\/demo$/, ''); // a proxy may have put a prefix before it

// ---- The fragment: #token=…&visitor=…. It is gone from the address bar before anything else can see it.

function readFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!given.has('token') && !given.has('visitor')) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (given.get('token')) sessionStorage.setItem(tokenKey, given.get('token'));
  const visitor = given.get('visitor') || '';
  if (/^[\da-f-]{36}$/.test(visitor) && !document.cookie.includes(cookie + '=')) {
    document.cookie = `${cookie}=${visitor};path=/;max-age=23673600;samesite=lax`;
  }
}

readFragment();
addEventListener('hashchange', () => {
  readFragment();
  look();
});

// ---- The REST API, which is what needs the token.

async function api(method, path, body) {
  const response = await fetch(server + path, {
    method,
    headers: {
      Authorization: 'Bearer ' + sessionStorage.getItem(tokenKey),
      Accept: 'application/json',
      'Content-Type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.errors[0].message), { status: response.status });
  return answer;
}

// ---- What the server knows

let visitor = ''; // our visitor's user_id
let record = ''; // our person's id, which outlives a conversion in place
let isContact = false;
let shown = {};

async function look() {
  const unlocked = Boolean(sessionStorage.getItem(tokenKey));
  find('unlock').hidden = unlocked;
  find('live').hidden = !unlocked;
  if (visitor) meet(window.Intercom('getVisitorId'));
  if (!unlocked || !visitor || document.hidden) return;
  try {
    show(await person());
    await arrivals();
  } catch (error) {
    if (error.status !== 401) return;
    sessionStorage.removeItem(tokenKey);
    say('That access token is not known here.', true);
    look();
  }
}

// The server gives this browser a new id when the old one has become somebody.
function meet(id) {
  if (id === visitor) return;
  visitor = id;
  record = '';
  isContact = false;
  shown = {};
  find('visitor').textContent = visitor;
  find('pages').href = `${server}/pages/${app}/people/${encodeURIComponent(visitor)}`;
  find('events').replaceChildren();
  find('none').hidden = false;
  find('role').textContent = 'visitor';
  lines();
}

// A visitor that has become a contact keeps its id, unless it was merged into another.
async function person() {
  if (!isContact) {
    try {
      return await api('GET', '/visitors?user_id=' + encodeURIComponent(visitor));
    } catch (error) {
      if (error.status !== 404 || !record) throw error;
    }
  }
  const contact = await api('GET', '/contacts/' + encodeURIComponent(record));
  isContact = true;
  return contact;
}

function show(found) {
  record = found.id;
  const role = found.role || 'visitor';
  find('who').textContent = found.name || found.pseudonym || found.email || 'Somebody';
  find('role').textContent = role;
  find('role').className = 'chip ' + role;
  picture(found.pseudonym);
  const fields = flat(found);
  find('fields').replaceChildren(
    ...Object.keys(fields).map((name) => {
      const row = element('div', '', element('dt', name), element('dd', fields[name]));
      if (shown[name] !== undefined ? shown[name] !== fields[name] : Object.keys(shown).length) row.className = 'fresh';
      return row;
    }),
  );
  shown = fields;
  find('raw').hidden = false;
  find('raw').querySelector('pre').textContent = JSON.stringify(found, null, 2);
}

// The events that the server has of this person, newest first.
async function arrivals() {
  const { data } = await api('GET', `/lobby/v1/people/${record}/events?per_page=10`);
  const shown = data.map((event) => `${event.event_name}, ${new Date(event.created_at * 1000).toLocaleTimeString()}`);
  find('none').hidden = shown.length > 0;
  const known = [...find('events').children].map((item) => item.textContent);
  if (shown.join() !== known.join()) find('events').replaceChildren(...shown.map((text) => element('li', text)));
}

function picture(pseudonym) {
  if (!pseudonym) return;
  const slug = pseudonym.split(' from ')[0].toLowerCase().replaceAll(' ', '-');
  find('avatar').src = server + '/avatars/pseudonym/' + encodeURIComponent(slug) + '.png';
  find('avatar').hidden = false;
}

// Only what is known, the nested under dotted names.
function flat(value, prefix = '', out = {}) {
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'type' || inner === null || inner === '' || inner === false || Array.isArray(inner)) continue;
    const path = prefix + name;
    if (typeof inner === 'object') {
      if (inner.type !== 'list') flat(inner, path + '.', out);
    } else if (/_at$/.test(name) && typeof inner === 'number') out[path] = new Date(inner * 1000).toLocaleString();
    else out[path] = String(inner);
  }
  return out;
}

// ---- What can be done

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.append(...children);
  return made;
}

function say(text, isBad) {
  find('said').textContent = text;
  find('said').className = isBad ? 'bad' : '';
}

function on(form, act) {
  find(form).addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await act(event.target.querySelector('input').value.trim());
    } catch (error) {
      say(error.message, true);
    }
    setTimeout(look, 250);
  });
}

on('rename', (name) => {
  window.Intercom('update', { name });
  say(`Intercom('update', { name: '${name}' })`);
});

on('track', (name) => {
  if (isContact) throw new Error('This visitor has become a contact: a page can no longer speak for it without proof.');
  window.Intercom('trackEvent', name, { from: 'demo' });
  say(`Intercom('trackEvent', '${name}', { from: 'demo' })`);
});

on('convert', async (email) => {
  if (!sessionStorage.getItem(tokenKey)) throw new Error('Converting needs an access token: paste it below.');
  const contact = await api('POST', '/visitors/convert', { type: 'user', visitor: { user_id: visitor }, user: { email } });
  record = contact.id;
  isContact = true;
  say(`This visitor is now the user ${contact.email}. What the page says next, it says for a new visitor.`);
});

on('unlock', (token) => {
  sessionStorage.setItem(tokenKey, token);
  find('token').value = '';
  say('');
});

find('leave').addEventListener('click', () => {
  window.Intercom('shutdown');
  window.Intercom('boot', window.intercomSettings);
  say("Intercom('shutdown'), then Intercom('boot', …)");
  arrive();
});

// ---- The terminal

function copier(text) {
  const button = element('button', 'Copy');
  button.type = 'button';
  button.className = 'quiet';
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), 1500);
  });
  return button;
}

function lines() {
  const json = (body) => ` \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body)}'`;
  const curl = (method, path) =>
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${server}${path}' \\\n  -H "Authorization: Bearer $TOKEN"`;
  const user = { email: 'ada@example.com' };
  const all = {
    'Read this visitor': curl('GET', '/visitors?user_id=' + visitor),
    'Change it': curl('PUT', '/visitors') + json({ user_id: visitor, name: 'Ada', custom_attributes: { plan: 'pro' } }),
    'Make it a user': curl('POST', '/visitors/convert') + json({ type: 'user', visitor: { user_id: visitor }, user }),
  };
  find('lines').replaceChildren(
    ...Object.entries(all).map(([title, text]) => {
      const head = element('div', '', element('span', title), copier(text));
      head.className = 'title';
      const line = element('div', '', head, element('pre', text));
      line.className = 'line';
      return line;
    }),
  );
}

// ---- The beginning

function arrive() {
  window.Intercom('ready', () => {
    meet(window.Intercom('getVisitorId'));
    look();
  });
}

arrive();
look();
setInterval(look, 2000);
