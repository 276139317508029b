const told = {};

// Tells the page's console, once, of what is not kept.
export function warn(text) {
  if (!told[text]) console.warn('Intercom:', text);
  told[text] = true;
}
