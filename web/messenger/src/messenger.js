// The browser side of Lobby: Intercom('boot', …) and its sisters, for whichever loader put this script into the page.
import { takeUnheard } from './memory.js';
import { hasApp, Intercom, session } from './methods.js';
import { unseePage, watchAddress } from './page.js';

const before = window.Intercom;
const see = () => session && session.see();
const wake = () => session && session.wake();
const flush = () => session && session.flush();

if (!before || !before.booted) {
  // Some wrappers delete the global when they unmount: what the prototype has stays in reach.
  Intercom.booted = true;
  window.Intercom = Object.getPrototypeOf(window).Intercom = Intercom;

  // Loaders queue argument lists of every kind. Who kept the loader's function goes on pushing into its queue.
  const queue = (before && before.q) || [];
  const calls = Array.from(queue, Object);
  const make = (call) => Intercom.apply(null, Object(call));
  if (hasApp() && !calls.some((call) => call[0] === 'boot')) Intercom('boot');
  calls.forEach(make);
  queue.push = make;

  watchAddress(see);
  addEventListener('online', wake);
  document.addEventListener('prerenderingchange', wake);
  document.addEventListener('visibilitychange', () => document.hidden && flush());
  addEventListener('pagehide', () => {
    flush();
    if (session) session.keep();
  });

  // A page that comes back as it was left is seen again, and still has what it kept.
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    takeUnheard();
    unseePage();
    see();
    wake();
  });

  // Turbo and its ancestors change the page under the script: whom the next one names boots then.
  ['turbo:visit', 'turbolinks:visit', 'page:before-change'].forEach((name) =>
    document.addEventListener(name, () => Intercom('shutdown', false)),
  );
  ['turbo:load', 'turbolinks:load', 'page:change'].forEach((name) =>
    document.addEventListener(name, () => hasApp() && Intercom('boot')),
  );
}
