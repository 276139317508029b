// Which pages somebody saw: one view a page, whatever changes the address, and none of their secrets.
import assert from 'node:assert/strict';
import { app, arrived, deeds, inBrowser, lobby, pause, pings, readVisitor, snippet, within } from './browser.mjs';

await inBrowser(async ({ page, context, site, requests }) => {
  site.pages['/'] = snippet({ page_title: 'A title of our own' });
  site.pages['/other'] = snippet({});
  const views = () => deeds(requests, 'url');
  const paths = () => views().map(({ url }) => url.replace(site.url, ''));

  await page.goto(site.url + '/?token=hidden&plan=pro#id_token=hidden', { referer: 'https://user:hidden@search.example/?auth=hidden' });
  const visitor = await arrived(page);
  assert.equal(pings(requests).length, 1, 'the first page costs one request');
  const [first] = views();
  assert.equal(first.url, site.url + '/?token=&plan=pro#id_token=');
  assert.equal(first.title, 'A title of our own');
  assert(Math.abs(first.created_at - Date.now() / 1000) < 300);

  // A single-page site goes on: what settles is seen once, with what led there.
  await page.evaluate(async () => {
    history.pushState(null, '', '/redirects');
    await new Promise((later) => setTimeout(later, 60));
    history.replaceState(null, '', '/cart');
    document.title = 'Cart';
  });
  await within(5000, () => views().length === 2);
  const { title, referrer } = views()[1];
  assert.deepEqual({ title, referrer }, { title: 'Cart', referrer: first.url });
  await page.evaluate(() => history.pushState({ same: 'address' }, ''));
  await pause(400);
  await page.evaluate(() => (location.hash = 'list'));
  await within(5000, () => views().length === 3);
  await page.goBack();
  await within(5000, () => views().length === 4);
  assert.deepEqual(paths().slice(1), ['/cart', '/cart#list', '/cart']);
  assert.equal((await readVisitor(visitor.user_id)).session_count, 1);

  // Going somewhere and calling update there is one ping, and page views cost no update.
  await page.evaluate(async () => {
    for (let i = 0; i < 22; i++) {
      history.pushState(null, '', '/step/' + i);
      await new Promise((later) => setTimeout(later, 320));
    }
    window.Intercom('update', { steps: 22 });
  });
  await within(5000, () => views().length === 26);
  await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.steps === 22);
  assert(pings(requests).length < 20, `${pings(requests).length} pings`);

  // An update too many waits, and leaves with the page.
  const spaced = pings(requests).length;
  await page.evaluate(async () => {
    for (let i = 1; i <= 60; i++) {
      window.Intercom('update', { late: i });
      await new Promise((later) => setTimeout(later, 60));
    }
  });
  await pause(200);
  assert(pings(requests).length - spaced <= 20);
  assert((await readVisitor(visitor.user_id)).custom_attributes.late < 60);
  await context.unrouteAll();
  await page.goto(site.url + '/other');
  await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.late === 60);

  // Back to a page that was kept as it was: it is seen again, by the same script.
  await within(5000, () => paths().at(-1) === '/other');
  const { s } = pings(requests).at(-1);
  const seen = views().length;
  await page.evaluate(() => (window.kept = true));
  await page.goto(site.url + '/cart');
  await page.goBack({ waitUntil: 'commit' }); // nothing is loaded
  const isKept = await page.evaluate(() => window.kept);
  assert(isKept, 'the browser kept the page');
  await within(5000, () => views().length > seen);
  assert.equal(paths().at(-1), '/other');
  assert.equal(pings(requests).at(-1).s, s);
  assert.equal(await page.evaluate(() => window.Intercom('getVisitorId')), visitor.user_id);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);

  // Turbo: the page changes under the script, whose new settings are those of the next page.
  const before = pings(requests).length;
  await page.evaluate((app) => {
    document.dispatchEvent(new Event('turbo:visit'));
    history.pushState(null, '', '/turbo');
    window.intercomSettings = { app_id: app, plan: 'turbo' };
    document.dispatchEvent(new Event('turbo:load'));
  }, app);
  await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.plan === 'turbo');
  await within(5000, () => paths().at(-1) === '/turbo');
  await pause(500);
  assert.equal(paths().filter((path) => path === '/turbo').length, 1);
  assert(pings(requests).length - before <= 2);
  assert.equal(await page.evaluate(() => window.Intercom('getVisitorId')), visitor.user_id);

  // A page that is only loaded in case somebody goes there has not been seen.
  site.pages['/ahead'] = `<!doctype html><script>
    let ahead = true;
    Object.defineProperty(document, 'prerendering', { get: () => ahead });
    window.arrive = () => { ahead = false; document.dispatchEvent(new Event('prerenderingchange')); };
    window.intercomSettings = { app_id: '${app}' };
  </script><script src="${lobby}/widget/${app}"></script>`;
  await page.goto(site.url + '/ahead');
  await pause(300);
  assert(!paths().includes('/ahead'));
  await page.evaluate(() => window.arrive());
  await within(5000, () => paths().includes('/ahead'));

  for (const request of requests) assert(!(request.postData() || '').includes('hidden'), 'a secret of an address was sent');
});
