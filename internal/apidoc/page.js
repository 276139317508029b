// What the reference is nicer with; all of it can be read without.
(() => {
  const index = document.querySelector('.index');
  const narrow = matchMedia('(max-width: 56rem)');
  const fold = () => (index.open = !narrow.matches);
  fold();
  narrow.addEventListener('change', fold);
  index.addEventListener('click', (event) => event.target.closest('a') && fold());

  document.addEventListener('DOMContentLoaded', () => {
    // What the index leads to, with all its words.
    const links = [...index.querySelectorAll('li a')].map((link) => {
      const about = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      return { item: link.parentElement, link, words: ((about && about.textContent) || '').toLowerCase(), name: link.textContent.toLowerCase() };
    });
    const groups = [...index.querySelectorAll('details')].map((group) => ({ group, open: group.open }));
    const box = document.querySelector('#search-box');
    const count = document.querySelector('#search-found');
    box.parentElement.hidden = false;
    box.addEventListener('input', () => {
      const asked = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      const named = links.filter(({ name }) => asked.every((word) => name.includes(word)));
      const fits = ({ words, name }) => asked.every((word) => (named.length ? name : words).includes(word));
      let found = 0;
      for (const one of links) found += !(one.item.hidden = asked.length > 0 && !fits(one));
      for (const { group, open } of groups) {
        group.hidden = asked.length > 0 && !group.querySelector('li:not([hidden])');
        group.open = asked.length > 0 || open;
      }
      if (asked.length) index.open = true;
      count.textContent = asked.length ? (found === 1 ? '1 place' : found + ' places') : '';
    });
    box.addEventListener('keydown', (event) => {
      const first = links.find(({ item }) => !item.hidden);
      if (event.key === 'Enter' && box.value && first) first.link.click();
      if (event.key === 'Escape') {
        box.value = '';
        box.dispatchEvent(new Event('input'));
      }
    });
    addEventListener('keydown', (event) => {
      if (event.key !== '/' || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
      event.preventDefault();
      box.focus();
    });

    // Commands can be copied. Where a page may not use the clipboard, the command is selected.
    document.querySelectorAll('pre.command').forEach((command) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Copy';
      button.setAttribute('aria-label', 'Copy the command');
      const say = (text) => {
        button.textContent = text;
        setTimeout(() => (button.textContent = 'Copy'), 1500);
      };
      button.addEventListener('click', async () => {
        try {
          await navigator.clipboard.writeText(command.textContent);
          say('Copied');
        } catch {
          getSelection().selectAllChildren(command);
          say('Selected');
        }
      });
      command.before(button);
    });
  });
})();
