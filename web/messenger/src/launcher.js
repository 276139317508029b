import { api, app, config, nonce } from './config.js';

// The doors of the form, once it is there. A workspace without one has none.
const form = config.form || {};

export function show() {
  if (form.open) form.open();
  else if (config.form) {
    form.open = () => {}; // it opens by itself when it is there
    document.head.append(Object.assign(document.createElement('script'), { src: `${api}/widget/${app}/form.js`, nonce }));
  }
}

export const hide = () => form.close && form.close();

// Answers the method that registers who is told what happens to the form.
export const listen = (name) => (listener) => (form[name] = listener);
