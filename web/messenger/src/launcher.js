import { api, app, config } from './config.js';

// The doors of the form, once it is there. A workspace without one has none.
const form = config.form || {};

export function show() {
  if (form.open) form.open();
  else if (config.form) {
    form.open = () => {}; // it opens by itself when it is there
    // An import is trusted as this script is, whatever the page's policy, and trusted types do not see it.
    import(`${api}/widget/${app}/form.js`).catch(() => delete form.open);
  }
}

export const hide = () => form.close && form.close();

// Answers the method that registers who is told what happens to the form.
export const listen = (name) => (listener) => (form[name] = listener);
