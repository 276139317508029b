// Whatever a page passes, nothing throws, nothing breaks, and what makes sense still gets through.
import assert from 'node:assert/strict';
import { app, arrived, inBrowser, lobby, pings, readVisitor, snippet, within } from './browser.mjs';

await inBrowser(async ({ page, context, site, requests }) => {
  const refused = [];
  context.on('response', (response) => response.status() >= 500 && refused.push(response.url()));
  site.pages['/'] = snippet({});
  await page.goto(site.url);
  await arrived(page);

  const thrown = await page.evaluate(() => {
    const circle = {};
    circle.circle = circle;
    const trap = new Proxy({}, { get() { throw Error('get'); }, ownKeys() { throw Error('ownKeys'); } });
    const getter = { get plan() { throw Error('plan'); } };
    const junk = [
      undefined, null, true, 0, -1, NaN, Infinity, 1n, '', 'x', 'a'.repeat(3000), '\ud800', '\0', Symbol('s'), [], [1, [2]], {},
      Object.create(null), circle, trap, getter, document, window, new Date(NaN), /x/g, new Map(), () => {}, class {}, new Error('e'),
      { plan: circle, n: 1n, f() {}, s: Symbol('s'), d: new Date(), nan: NaN, deep: { a: { b: 1 } }, '': 1, 'a.b': 2, __proto__: { x: 1 } },
      { company: circle }, { avatar: trap }, { page_title: trap }, { session_duration: 'x' }, { user_id: {} }, { toString: 1, length: 5 },
    ];
    const methods = `boot shutdown update trackEvent getVisitorId ready onUnreadCountChange whoami show hide showMessages onShow onHide
      showNewMessage startConversation onUserEmailSupplied supplyEmail reattach_activator hideNotifications nothing`.split(/\s+/);
    const thrown = [];
    const make = (...args) => {
      try {
        window.Intercom(...args);
      } catch (error) {
        thrown.push(String(args[0]) + ': ' + error);
      }
    };
    let seed = 7;
    const any = (list) => list[(seed = (seed * 48271) % 2147483647) % list.length];
    for (const method of methods) junk.forEach((value) => make(method, value));
    for (let i = 0; i < 1500; i++) make(any(methods), any(junk), any(junk));
    junk.forEach((value) => make(value, value));
    for (const value of junk) {
      window.intercomSettings = value;
      make('boot');
      make('update');
    }
    make();
    return thrown;
  });
  assert.deepEqual(thrown, []);
  await page.evaluate((app) => {
    window.intercomSettings = { app_id: app };
    window.Intercom('shutdown');
    window.Intercom('boot', { plan: 'sense' });
  }, app);
  const visitor = await arrived(page);
  await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.plan === 'sense');

  // Junk beside sense costs the junk only.
  await page.evaluate(() => {
    const circle = {};
    circle.circle = circle;
    window.Intercom('update', { ok: 1, nan: NaN, big: 1n, list: [1], symbol: Symbol('s'), nested: { a: 1 }, circle, call() {} });
  });
  const { custom_attributes: kept } = await within(5000, async () => {
    const found = await readVisitor(visitor.user_id);
    return found.custom_attributes.ok && found;
  });
  assert.deepEqual(kept, { plan: 'sense', ok: 1 });

  // Consent and objection may be junk as well.
  const again = await page.evaluate(() => {
    for (const value of ['constructor', '__proto__', {}, [], 1, null, Symbol('s')]) window.Intercom('consent', value);
    for (const value of [{}, 'x', null]) window.Intercom('optOut', value);
    window.Intercom('consent', 'granted');
    window.Intercom('shutdown');
    window.Intercom('boot');
    return window.Intercom('getVisitorId');
  });
  assert.equal((await arrived(page)).user_id, again);

  // A queue of junk does not keep the rest from being made.
  site.pages['/queue'] = `<!doctype html><script>
    window.Intercom = function () {};
    Intercom.q = [null, 1, 'text', {}, { length: 1 }, [], [Symbol('s')], [['boot']], { 0: 'boot', 1: { plan: 'queued' }, length: 2 }];
  </script><script src="${lobby}/widget/${app}"></script>`;
  await page.goto(site.url + '/queue');
  const queued = await arrived(page);
  await within(5000, async () => (await readVisitor(queued.user_id)).custom_attributes.plan === 'queued');

  // A frame without an origin keeps nothing, and breaks nothing.
  site.pages['/frame'] = `<!doctype html><iframe sandbox="allow-scripts" src="/"></iframe>`;
  await page.goto(site.url + '/frame');
  const frame = await within(5000, () => page.frames().find((each) => each !== page.mainFrame()));
  const framed = await within(5000, () => frame.evaluate(() => window.Intercom && window.Intercom('getVisitorId')));
  await within(5000, async () => (await readVisitor(framed)).status === 200);

  assert.deepEqual(refused, []);
  assert(pings(requests).length < 100, 'junk is not worth a ping each');
});
