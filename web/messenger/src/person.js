import { warn } from './warning.js';

const isTechnical = /^(last_request(ed)?_at|email_form|messenger)$/; // some wrappers say the present with every update
const objects = ['avatar', 'company', 'companies', 'custom_attributes'];

// What settings say about a person: plain values, and the few objects that mean something, as they are now. A date, of
// whichever library, becomes its second. Anything else could not be stored, and the console is told.
export function personIn(settings) {
  return JSON.parse(
    JSON.stringify(settings, function (name) {
      if (isTechnical.test(name)) return;
      let value = this[name];
      if (value && typeof value.toISOString === 'function') value = Math.floor(value / 1000);
      const mayBeThere = this !== settings || objects.includes(name);
      const isKept = typeof value === 'object' ? !value || mayBeThere : /^(string|boolean|undefined)$/.test(typeof value);
      if (isKept || Number.isFinite(value)) return value;
      warn(name + ' is left out: it is no text, number or boolean');
    }),
  );
}

// What a person claims to be, with the proof.
export const claims = ({ user_id, email, user_hash, intercom_user_jwt }) => ({ user_id, email, user_hash, intercom_user_jwt });

// The user whom settings name: a token counts first, as it does for the server.
function nameIn({ user_id, intercom_user_jwt: token }) {
  try {
    return String(JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).user_id);
  } catch {
    return user_id && String(user_id);
  }
}

// Whether settings name somebody else: by another id or, without one, with the proof of another address.
export function isOther(known, settings) {
  const before = nameIn(known);
  const now = nameIn(settings);
  if (before && now) return before !== now;
  return known.user_hash && settings.user_hash && known.user_hash !== settings.user_hash;
}
