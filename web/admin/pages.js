// What a page is nicer with; every page works without it.
(() => {
  // Exact times are those of the reader's own clock.
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
  document.querySelectorAll('time[datetime]').forEach((time) => {
    const at = new Date(time.dateTime);
    if (!isNaN(at)) time.title = exact.format(at);
  });

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
  const rows = [...document.querySelectorAll('[data-row]')];
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const at = rows.indexOf(document.activeElement);
    const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === 'j' && rows.length) rows[Math.min(at + 1, rows.length - 1)].focus();
    else if (event.key === 'k' && rows.length) rows[Math.max(at - 1, 0)].focus();
    else if (event.key === 'p' && rows.length) history.back();
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
