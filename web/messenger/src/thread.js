// Conversations in a page: a list of them, and one with what everybody wrote, to which the visitor adds. It is loaded when a
// page first shows it, and lives in a root of its own. Texts become nodes one by one and never markup.
import { link, nodesOf } from './thread_html.js';
import { again, unwatch, watch } from './thread_live.js';
import { style } from './thread_style.js';

const thread = /** @type {LobbyThread} */ (window.__lobby.thread);

// A page may have words of its own.
const words = {
  title: 'Messages',
  start: 'New conversation',
  none: 'There are no conversations yet.',
  unread: 'unread',
  back: 'Back',
  close: 'Close',
  label: 'Your message',
  button: 'Send',
  you: 'You',
  team: 'The team',
  sending: 'Sending…',
  failed: 'Not sent.',
  again: 'Try again',
  lost: 'The messages cannot be loaded now.',
  ...(window.intercomSettings || {}).messenger,
};

let view; // the elements of the open dialog
let list; // as the server told it last
let talk; // the conversation that is shown; undefined for the list
let sending = Promise.resolve(); // what is sent goes in order

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function tell(name) {
  const listener = thread[name];
  if (typeof listener === 'function') setTimeout(listener);
}

const button = (text, onclick, className = '') => make('button', { type: 'button', textContent: text, onclick, className });

function build() {
  const host = make('div');
  const root = host.attachShadow({ mode: 'open' });
  const title = make('h2', { tabIndex: -1, id: 'title' });
  const back = button('←', () => showList(true));
  back.ariaLabel = words.back;
  const shut = button('✕', () => dialog.close());
  shut.ariaLabel = words.close;
  const main = make('div', { className: 'all', tabIndex: 0, ariaLabel: words.title });
  main.setAttribute('role', 'region'); // no main, header or footer: these are the page's
  const status = make('div', { className: 'status' });
  status.setAttribute('role', 'status');
  const field = make('textarea', { ariaLabel: words.label, placeholder: words.label, dir: 'auto', maxLength: 10000 });
  field.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  };
  const footer = make('div', { className: 'row' }, field, button(words.button, submit, 'main'));
  const dialog = make('dialog', {}, make('div', { className: 'row' }, back, title, shut), main, status, footer);
  dialog.setAttribute('aria-labelledby', 'title');
  dialog.dir = getComputedStyle(document.documentElement).direction;
  dialog.onkeydown = (event) => {
    event.stopPropagation(); // a page's own shortcuts are not meant
    if (event.key === 'Escape') dialog.close();
  };
  const before = document.activeElement;
  dialog.onclose = () => {
    host.remove();
    view = undefined;
    if (before instanceof HTMLElement) before.focus();
    tell('onHide');
  };
  if ('adoptedStyleSheets' in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } else root.append(make('style', { textContent: style }));
  root.append(dialog);
  document.body.append(host);
  view = { dialog, title, back, main, status, field, footer };
  // Where it takes the whole window, what is behind it is out of reach.
  if (matchMedia('(max-width:480px)').matches) dialog.showModal();
  else dialog.show();
  tell('onShow');
}

function showList(isAsked) {
  talk = undefined;
  const { title, back, main, footer, status } = view;
  title.textContent = words.title;
  back.hidden = footer.hidden = true;
  status.textContent = list ? '' : '…';
  const all = list ? list.conversations : [];
  const focused = main.getRootNode().activeElement;
  const at = focused && focused.dataset.id;
  const rows = all.map((item) => {
    const { author, body, created_at } = item.last;
    const row = button('', () => showTalk(item.id), item.read ? '' : 'new');
    row.dataset.id = item.id;
    row.append(make('div', { dir: 'auto', textContent: `${nameOf(author)}: ${body}` }));
    row.append(make('small', { textContent: timeOf(created_at) + (item.read ? '' : ' · ' + words.unread) }));
    return make('li', {}, row);
  });
  main.replaceChildren(
    rows.length ? make('ul', { className: 'list' }, ...rows) : make('p', { textContent: list ? words.none : '' }),
    button(words.start, () => showTalk(''), 'main'),
  );
  const again = at && rows.map((row) => row.firstChild).find((row) => row.dataset.id === at);
  if (again) again.focus();
  else if (isAsked) title.focus();
}

// Shows a conversation, or a new one for ''.
function showTalk(id, text) {
  const log = make('div', {}, make('div'), make('div'));
  log.setAttribute('role', 'log');
  log.ariaLabel = words.title;
  const [shown, waiting] = log.children;
  talk = { id, log, shown, waiting, known: {}, last: '', seen: 0 };
  showAgain();
  if (typeof text === 'string') view.field.value = text;
}

// Shows the conversation as it was, with what is still to be sent, and reads it again.
function showAgain() {
  const { title, back, main, footer, status, field } = view;
  title.textContent = talk.id ? words.title : words.start;
  back.hidden = footer.hidden = false;
  status.textContent = '';
  main.replaceChildren(talk.log);
  field.focus();
  if (talk.id) load(talk);
}

const nameOf = (author) => (author.me ? words.you : author.name || words.team);
const timeOf = (seconds) => new Date(seconds * 1000).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' });

function say(author, time, body, isMine) {
  body.className += ' text';
  body.dir = 'auto';
  return make('div', { className: isMine ? 'words me' : 'words' }, make('small', { textContent: `${author}${time ? ', ' + time : ''}` }), body);
}

// Shows what the server knows of a conversation. What was there already stays as it is, so that a reader hears what is new.
function hearTalk(of, { id, parts, read }) {
  of.id = id;
  parts.forEach((part) => {
    const before = of.known[part.id];
    if (before && before.body === part.body) return;
    const body = nodesOf(part.body);
    (part.attachments || []).forEach((file) => {
      body.append(make('p', {}, link(file.url.startsWith('/') ? thread.api + file.url : file.url, file.name)));
    });
    const made = say(nameOf(part.author), timeOf(part.created_at), body, part.author.me);
    if (before) before.made.replaceWith(made);
    else of.shown.append(made);
    of.known[part.id] = { body: part.body, made };
    of.seen = Math.max(of.seen, part.id);
  });
  if (of !== talk || !view) return;
  view.main.scrollTop = view.main.scrollHeight;
  if (!read) markRead();
}

function markRead() {
  const item = list && talk && list.conversations.find(({ id }) => id === talk.id);
  if (!view || !talk || !talk.id || document.hidden || (item && item.read)) return;
  thread.ask('read', { conversation_id: talk.id, part_id: talk.seen }).catch(() => {});
}

async function load(of) {
  try {
    const response = await thread.ask('conversation', { conversation_id: of.id });
    if (!response.ok) throw response;
    hearTalk(of, await response.json());
    if (view && view.status.textContent === words.lost) view.status.textContent = '';
  } catch {
    if (of === talk && view) {
      view.status.textContent = words.lost;
      clearTimeout(of.late);
      of.late = setTimeout(() => of === talk && view && load(of), 5000);
    }
    of.last = ''; // the next list tries again, too
  }
}

// Hears of the conversations.
function hear(answer) {
  list = answer;
  thread.unread(list.unread);
  if (!view) return;
  if (talk) follow();
  else showList(false);
}

// Reads what is open again when the list has other last words of it, or does not have it.
function follow() {
  if (!list || !talk.id) return;
  const item = list.conversations.find(({ id }) => id === talk.id) || { last: list };
  const last = JSON.stringify(item.last);
  if (last !== talk.last) {
    talk.last = last;
    view.status.textContent = '';
    load(talk);
  } else if (!item.read) markRead();
}

function submit() {
  const text = view.field.value;
  if (!text.trim()) return;
  view.field.value = '';
  view.field.focus();
  send(talk, text, thread.uuid());
}

// Sends words to a conversation. They have an id of their own, so that words that come twice count once.
function send(to, text, key) {
  const body = make('div', { className: 'plain', textContent: text });
  const said = say(words.you, '', body, true);
  const state = make('small', { textContent: words.sending });
  said.append(state);
  to.waiting.append(said);
  if (view) view.main.scrollTop = view.main.scrollHeight;
  sending = sending.then(async () => {
    try {
      const response = await thread.ask('reply', { conversation_id: to.id, message_id: key, text });
      if (!response.ok) throw response;
      const answer = await response.json();
      said.remove();
      hearTalk(to, answer);
      if (to === talk && view) follow(); // the list may have had an answer before this was known to be its conversation
    } catch {
      if (to === talk && view) view.status.textContent = words.failed;
      const retry = () => {
        said.remove();
        if (view) view.status.textContent = '';
        send(to, text, key);
      };
      state.replaceWith(make('small', { textContent: words.failed + ' ' }), button(words.again, retry));
    }
  });
}

function open(verb, text) {
  if (!view) build();
  watch(hear);
  if (verb === 'showNewMessage' || verb === 'startConversation') showTalk('', text);
  else if (verb === 'showConversation' && text) showTalk(String(text));
  else if (talk && verb === 'show') showAgain();
  else showList(true);
  if (verb === 'startConversation' && text) submit();
}

thread.open = open;

thread.close = (isOver) => {
  if (isOver) {
    unwatch();
    list = talk = undefined;
  }
  if (view) view.dialog.close();
};

// Somebody else is there: what is shown is not theirs.
thread.renew = () => {
  list = talk = undefined;
  if (view) showList(false);
  again();
};

open(...(thread.call || []));
