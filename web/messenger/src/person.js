const proofs = ['user_id', 'email', 'user_hash', 'intercom_user_jwt'];

// What settings claim about who is there. Every ping repeats it.
export function identityIn(settings) {
  const identity = {};
  proofs.forEach((key) => {
    if (settings[key] !== undefined) identity[key] = settings[key];
  });
  return identity;
}

// What settings say about a person: plain values, and a picture. Anything else could not be stored.
export function personIn(settings) {
  const person = {};
  Object.keys(settings).forEach((key) => {
    const value = settings[key];
    if (key === 'avatar' || value === null || /^(string|number|boolean)$/.test(typeof value)) person[key] = value;
  });
  return person;
}
