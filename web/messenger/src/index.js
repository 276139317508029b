// The browser side of Lobby: Intercom('boot', …) and its sisters, for whichever loader put this script into the page.
import { flush, Intercom } from './methods.js';

const before = window.Intercom;

if (!before || !before.booted) {
  // Some wrappers delete the global when they unmount: what the prototype has stays in reach.
  Intercom.booted = true;
  window.Intercom = Object.getPrototypeOf(window).Intercom = Intercom;

  // Loaders queue argument lists of every kind. Who kept the loader's function goes on pushing into its queue.
  const queue = (before && before.q) || [];
  const settings = window.intercomSettings;
  const calls = Array.from(queue);
  if (settings && settings.app_id && !calls.some((call) => call[0] === 'boot')) Intercom('boot');
  calls.forEach((call) => Intercom(...call));
  queue.push = (call) => Intercom(...call);

  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => document.hidden && flush());
}
