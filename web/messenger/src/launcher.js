import { api, app, config } from './config.js';

// The doors of the conversations or, without any, of the form. What opens them is loaded when a page first shows it, and
// finds here what the script can do for it. A workspace with neither has nothing to show.
const file = config.thread ? 'thread' : 'form';
export const doors = /** @type {LobbyThread} */ (config.thread || config.form || {});

export function show(verb, text) {
  if (doors.open) doors.open(verb, text);
  else if (config[file]) {
    // It opens by itself when it is there, as it was asked to last.
    doors.open = (...call) => (doors.call = call);
    doors.open(verb, text);
    // An import is trusted as this script is, whatever the page's policy, and trusted types do not see it.
    import(`${api}/widget/${app}/${file}.js`).catch(() => delete doors.open);
  }
}

// isOver says that whoever is there goes.
export const hide = (isOver) => doors.close && doors.close(isOver);

// Answers the method that registers who is told what happens to it.
export const listen = (name) => (listener) => (doors[name] = listener);

let unread = 0; // conversations
let listener;

export function countUnread(count) {
  if (count !== unread && listener) setTimeout(listener, 0, count);
  unread = count;
}

export function onUnreadCountChange(given) {
  if (typeof given === 'function') (listener = given)(unread);
}
