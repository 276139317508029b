const objects = ['avatar', 'company', 'companies'];

// What settings say about a person: plain values, and the few objects that mean something, as they are now. Anything
// else could not be stored.
export function personIn(settings) {
  const person = {};
  Object.keys(settings).forEach((key) => {
    const value = settings[key];
    const isPlain = value === null || Number.isFinite(value) || /^(string|boolean)$/.test(typeof value);
    if (isPlain || objects.includes(key)) person[key] = value;
  });
  return JSON.parse(JSON.stringify(person));
}

// What a person claims to be, with the proof.
export const claims = ({ user_id, email, user_hash, intercom_user_jwt }) => ({ user_id, email, user_hash, intercom_user_jwt });
