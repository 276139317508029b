// What a page is nicer with; every page works without it.
(() => {
  // Exact times are those of the reader's own clock.
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
  const explain = (within) => within.querySelectorAll('time[datetime]').forEach((time) => {
    const at = new Date(time.dateTime);
    if (!isNaN(at)) time.title = exact.format(at);
  });
  explain(document);
  document.addEventListener('renewed', (event) => explain(event.detail));

  // A menu closes when something else is meant.
  addEventListener('click', (event) => {
    document.querySelectorAll('details.menu[open]').forEach((menu) => menu.contains(event.target) || (menu.open = false));
  });
  document.querySelectorAll('input.copy').forEach((input) => input.addEventListener('focus', () => input.select()));
})();

(() => {
  // Of a filter, only the comparisons that its field has are offered.
  const fit = (row) => {
    const field = row.querySelector('select[name=f]');
    const comparison = row.querySelector('select[name=o]');
    const kind = field.selectedOptions[0].dataset.kind;
    [...comparison.options].forEach((option) => {
      const kinds = option.dataset.kinds;
      option.hidden = option.disabled = !!(kind && kinds && !kinds.split(' ').includes(kind));
    });
    if (comparison.selectedOptions[0].disabled) comparison.value = 'is';
    const value = row.querySelector('input[name=v]');
    value.hidden = /known/.test(comparison.value);
    if (value.ariaInvalid === 'true') return; // what was typed stays
    const days = comparison.value === 'within' || comparison.value === 'older';
    value.type = kind === 'time' && !days ? 'date' : kind === 'number' || days ? 'number' : 'text';
    if (value.type === 'number') value.step = 'any';
  };
  document.querySelectorAll('.filter').forEach((row) => {
    fit(row);
    row.addEventListener('change', () => fit(row));
  });

  // Keys, for those who type faster than they point.
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input:not([type=checkbox]), select, textarea')) return;
    const rows = [...document.querySelectorAll('[data-row]')];
    const at = rows.findIndex((row) => (row.closest('tr') || row).contains(document.activeElement));
    const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === 'j' && rows.length) rows[Math.min(at + 1, rows.length - 1)].focus();
    else if (event.key === 'k' && rows.length) rows[Math.max(at - 1, 0)].focus();
    else if (event.key === 'x' && at >= 0) rows[at].closest('tr')?.querySelector('input[name=id]')?.click();
    else if (event.key === 'p' && (rows.length || document.querySelector('[data-changes]'))) history.back();
    else if (marked && marked.href) marked.click();
    else if (marked) marked.focus();
    else return;
    event.preventDefault();
  });
})();

(() => {
  // The list of those who are there is replaced as the server sends it. A link that has the focus keeps it.
  const list = document.querySelector('[data-stream]');
  if (!list) return;
  const stream = new EventSource(list.dataset.stream);
  addEventListener('pagehide', () => stream.close());
  stream.onmessage = (event) => {
    const focused = list.contains(document.activeElement) && document.activeElement.getAttribute('href');
    list.innerHTML = JSON.parse(event.data);
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  };
})();

(() => {
  // Parts of a page that change while it is open are read again when the server says so. A page that nobody sees asks for nothing.
  const root = document.querySelector('[data-changes]');
  if (!root || !window.EventSource) return;
  let source, busy, again;

  const written = (element) => element.outerHTML.replace(/ title="[^"]*"/g, ''); // which are the reader's own
  const renew = (old, fresh) => {
    const now = fresh && document.importNode(fresh, true);
    if (!now || written(now) === written(old)) return false;
    const focused = old.contains(document.activeElement) && document.activeElement;
    if (focused && !focused.matches('a[href]')) return false; // somebody is choosing
    old.replaceWith(now);
    if (focused) [...now.querySelectorAll('a[href]')].find((link) => link.href === focused.href)?.focus();
    document.dispatchEvent(new CustomEvent('renewed', { detail: now }));
    return true;
  };

  const read = async () => {
    if (busy) return (again = true);
    busy = true;
    do {
      again = false;
      try {
        const response = await fetch(location.href.split('#')[0]);
        if (response.redirected) return location.reload(); // signed out
        if (!response.ok) break;
        const page = new DOMParser().parseFromString(await response.text(), 'text/html');
        const changed = [...document.querySelectorAll('[data-fresh]')].filter((old) => renew(old, page.getElementById(old.id)));
        const news = root.querySelector('[data-news]');
        if (news && changed.some((old) => old.dataset.fresh === 'news')) news.textContent = news.dataset.news;
      } catch { /* the next event comes */ }
    } while (again);
    busy = false;
  };

  const listen = () => {
    if (source) source.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource(root.dataset.changes);
    source.onmessage = read;
  };
  document.addEventListener('visibilitychange', listen);
  addEventListener('pagehide', () => source && source.close());
  addEventListener('pageshow', (event) => event.persisted && listen());
  listen();
})();
