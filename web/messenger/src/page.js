import { here, seconds, wayHere } from './send.js';

const settling = 300; // milliseconds in which a page may still correct its address and title

let seen = ''; // the address of the last page view
let from = wayHere();
let timer;

// Answers a view of the page if it was not seen yet, or else nothing.
export function pageView(title) {
  const url = here();
  if (url === seen) return;
  const view = { url, referrer: from, title: String(title || document.title), created_at: seconds() };
  seen = from = url;
  return view;
}

// For the next person this page is new.
export function unseePage() {
  seen = '';
}

// Calls back when the address may have become another one without the page being loaded.
export function watchAddress(changed) {
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, settling);
  };
  ['pushState', 'replaceState'].forEach((name) => {
    const original = history[name];
    history[name] = function () {
      const result = original.apply(this, arguments);
      later();
      return result;
    };
  });
  addEventListener('popstate', later);
  addEventListener('hashchange', later);
}
