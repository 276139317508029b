const form = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

export const isUUID = (text) => form.test(text);

// Each 0 of the pattern becomes any digit, and the 8 one of the four that a variant may begin with.
// crypto.randomUUID is missing on pages that came without TLS.
export const newUUID = () =>
  '00000000-0000-4000-8000-000000000000'.replace(/[08]/g, (digit) =>
    (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+digit / 4)))).toString(16),
  );
