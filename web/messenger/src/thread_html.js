// What stays of a text: the tags of the server's safe HTML, without any attribute.
const kept = /^(p|br|hr|ul|ol|li|blockquote|pre|code|b|strong|i|em|u|s|sub|sup|table|thead|tbody|tr|th|td)$/;
const isVoid = /^(br|hr|img)$/;
const isHeading = /^h\d$/;
const isAddress = /^(https?:|mailto:|tel:)/i;
const characters = { amp: '&', lt: '<', gt: '>', quot: '"' };

const decode = (text) =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (all, code, name) => (code ? String.fromCharCode(code) : characters[name] || all));

const attribute = (tag, name) => decode((RegExp(`\\s${name}="([^"]*)"`).exec(tag) || ['', ''])[1]);

export function link(address, text) {
  const made = document.createElement('a');
  made.textContent = text || address;
  if (isAddress.test(address)) Object.assign(made, { href: address, target: '_blank', rel: 'noopener noreferrer nofollow' });
  return made;
}

// Answers the nodes of a text in the server's safe HTML: balanced, with quoted attributes. It makes each by itself, because
// a page with trusted types lets nobody parse HTML; so nothing runs, whatever is in the text. A picture is a link to it: no
// other server is asked for anything.
export function nodesOf(html) {
  const all = document.createElement('div');
  /** @type {HTMLElement[]} */
  const path = [all]; // the element that is open, last
  html.replace(/<(\/?)(\w+)([^>]*)>|([^<]+)/g, (_, end, tag, attributes, text) => {
    const parent = path[path.length - 1];
    if (text) parent.append(decode(text));
    else if (end) path.length > 1 && path.pop();
    else {
      /** @type {HTMLElement} */
      let made = parent;
      if (tag === 'a') made = link(attribute(attributes, 'href'), ' ');
      else if (tag === 'img') made = link(attribute(attributes, 'src'), attribute(attributes, 'alt'));
      else if (kept.test(tag)) made = document.createElement(tag);
      else if (isHeading.test(tag)) made = Object.assign(document.createElement('p'), { className: 'heading' });
      if (tag === 'a') made.textContent = '';
      if (made !== parent) parent.append(made);
      if (!isVoid.test(tag)) path.push(made);
    }
    return '';
  });
  return all;
}
