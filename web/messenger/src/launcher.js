import { api, app, config, nonce } from './config.js';

// The words of the form, and its doors once it is there. A workspace without a form has none of them.
const form = config.form || {};

export function show() {
  if (form.open) form.open();
  else if (form.title) {
    form.open = () => {}; // it opens by itself when it is there
    document.head.append(Object.assign(document.createElement('script'), { src: `${api}/widget/${app}/form.js`, nonce }));
  }
}

export const hide = () => form.close && form.close();

// Answers the method that registers who is told what happens to the form.
export const listen = (name) => (listener) => (form[name] = listener);
