// The form in which a visitor may leave an email address, for workspaces that have one. It is loaded when a page first
// shows it. Its own root keeps the page's styles out, and no policy has to allow anything for it.
const form = /** @type {LobbyForm} */ (window.__lobby.form);

// A page may have words of its own.
const words = {
  title: 'How can we reach you?',
  label: 'Your email address',
  button: 'Send',
  thanks: 'Thank you.',
  ...(window.intercomSettings || {}).email_form,
};

let dialog;

function make(tag, style, properties) {
  const element = Object.assign(document.createElement(tag), properties);
  element.style.cssText = style;
  return element;
}

function tell(name) {
  const listener = form[name];
  if (typeof listener === 'function') setTimeout(listener);
}

function supply(email, lines, said) {
  window.Intercom('supplyEmail', email);
  tell('onUserEmailSupplied');
  said.textContent = words.thanks;
  lines.remove();
  setTimeout(close, 3000);
}

form.open = () => {
  if (dialog) return;
  const host = make('div', '');
  const said = make('div', '', { textContent: words.title });
  const lines = make('div', 'display:flex;gap:8px;margin:12px 0 0');
  const field = make('input', 'font:inherit;padding:6px 8px;flex:1;min-width:0', {
    type: 'email',
    required: true,
    maxLength: 255,
    autocomplete: 'email',
    ariaLabel: words.label,
    placeholder: words.label,
  });
  const place = 'position:fixed;inset:auto 20px 20px auto;z-index:2147483001;width:300px;box-sizing:border-box;';
  const look = 'padding:20px;border:1px solid #8888;border-radius:12px;font:15px system-ui;color-scheme:light dark';
  // No form is submitted, which the sandbox of a frame may forbid.
  const submit = () => field.reportValidity() && supply(field.value, lines, said);
  lines.append(field, make('button', 'font:inherit;padding:6px 12px', { textContent: words.button, onclick: submit }));
  dialog = make('dialog', place + look, { ariaLabel: words.title });
  dialog.append(said, lines);
  host.attachShadow({ mode: 'open' }).append(dialog);
  document.body.append(host);
  dialog.onclose = () => {
    host.remove();
    dialog = undefined;
    tell('onHide');
  };
  dialog.onkeydown = (event) => {
    if (event.key === 'Escape') dialog.close();
    if (event.key === 'Enter' && event.target === field) submit();
  };
  dialog.show();
  tell('onShow');
};

function close() {
  if (dialog) dialog.close();
}

form.close = close;
form.open();
