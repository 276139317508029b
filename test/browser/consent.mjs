// What may be remembered and said: the workspace's policy, the page's word, the browser's own signals, the visitor's no.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { app, arrived, call, configure, deeds, inBrowser, lobby, pause, pings, readVisitor, secret, snippet, within } from './browser.mjs';

const ours = async (context) => (await context.cookies()).filter(({ name }) => name.startsWith('intercom-')).map(({ name }) => name);
const stored = (page) => page.evaluate(() => localStorage.length + sessionStorage.length);
const booted = (page) => within(5000, () => page.evaluate(() => window.Intercom && window.Intercom.booted));
const user_hash = createHmac('sha256', secret).update('carol').digest('hex');

// A workspace that asks: nothing leaves and nothing stays until there is an answer, and then nothing was lost.
await inBrowser(async ({ page, context, site, requests }) => {
  await configure(context, { cookies: 'ask' });
  site.pages['/'] = snippet({ plan: 'pro' });
  await page.goto(site.url);
  await booted(page);
  await call(page, 'trackEvent', 'before-consent');
  await pause(1500);
  assert.equal(pings(requests).length, 0);
  assert.deepEqual(await ours(context), []);
  assert.equal(await stored(page), 0);
  assert.equal(await call(page, 'getVisitorId'), undefined);

  await call(page, 'consent', true);
  const visitor = await arrived(page);
  assert.deepEqual(visitor.custom_attributes, { plan: 'pro' });
  assert.deepEqual(deeds(requests, 'event_name').map(({ event_name: name }) => name), ['before-consent']);
  assert.equal(deeds(requests, 'url').length, 1);
  assert.equal(pings(requests)[0].cc, '1');

  // The cookie is the memory of the answer.
  await page.reload();
  assert.equal((await arrived(page)).user_id, visitor.user_id);

  // Taken back: the cookies are gone, and it is silent again.
  await call(page, 'consent', 'denied');
  assert.deepEqual(await ours(context), []);
  const before = pings(requests).length;
  await call(page, 'update', { after: 'denial' });
  await page.reload();
  await booted(page);
  await pause(500);
  assert.equal(pings(requests).length, before);

  // Given again on the same page, it is somebody new.
  await call(page, 'consent', true);
  const again = await arrived(page);
  assert.notEqual(again.user_id, visitor.user_id);
  await call(page, 'consent', false);
  await call(page, 'consent', true);
  assert.notEqual((await arrived(page)).user_id, again.user_id);
  await context.clearCookies();

  // The setting says the same as the method.
  site.pages['/granted'] = snippet({ cookie_consent: 'granted' });
  await page.goto(site.url + '/granted');
  assert.notEqual((await arrived(page)).user_id, visitor.user_id);

  // A user whom the site proves needs no cookie, and gets none.
  await context.clearCookies();
  site.pages['/user'] = snippet({ user_id: 'carol', user_hash, plan: 'gold' });
  await page.goto(site.url + '/user');
  await within(5000, () => page.evaluate(() => new Promise((live) => window.Intercom('ready', () => live(true)))));
  const { cc, device_identifier: device, user_data: said } = pings(requests).at(-1);
  assert.deepEqual([cc, device, said.anonymous_id, said.user_id], ['0', undefined, undefined, 'carol']);
  assert.deepEqual(await ours(context), []);
});

// A workspace that always remembers does not when the page has a no.
await inBrowser(async ({ page, context, site, requests }) => {
  site.pages['/'] = snippet({ cookie_consent: false });
  await page.goto(site.url);
  await booted(page);
  await pause(300);
  assert.deepEqual([pings(requests).length, await ours(context)], [0, []]);

  // Whoever objects is forgotten at once, here and on the server, and that is all that is remembered.
  site.pages['/welcome'] = snippet({});
  await page.goto(site.url + '/welcome');
  const visitor = await arrived(page);
  await call(page, 'optOut');
  await within(5000, async () => (await readVisitor(visitor.user_id)).status === 404);
  assert.deepEqual(await ours(context), ['intercom-opt-out-' + app]);
  let before = pings(requests).length;
  await call(page, 'update', { after: 'objection' });
  await pause(300);
  assert.equal(pings(requests).length, before);
  await call(page, 'consent', true);
  assert.notEqual((await arrived(page)).user_id, visitor.user_id);
  await call(page, 'optOut');
  before = pings(requests).length;
  await page.goto(site.url + '/welcome');
  await booted(page);
  await call(page, 'trackEvent', 'nobody');
  await pause(1300);
  assert.equal(pings(requests).length, before);
  assert.deepEqual(await ours(context), ['intercom-opt-out-' + app]);
  await call(page, 'consent', true);
  assert.notEqual((await arrived(page)).user_id, visitor.user_id);
});

// A workspace without cookies: it is the server that knows a visitor again.
await inBrowser(async ({ page, context, site, requests }) => {
  await configure(context, { cookies: 'never' });
  await context.route('**/messenger/web/ping', (route) =>
    route.fulfill({
      headers: { 'Access-Control-Allow-Origin': '*' },
      json: { user: { id: '1', role: 'visitor', anonymous_id: '33333333-3333-4333-8333-333333333333' }, anonymous_session: 'x' },
    }),
  );
  site.pages['/'] = snippet({ cookie_consent: true });
  await page.goto(site.url);
  const id = await within(5000, () => call(page, 'getVisitorId'));
  await call(page, 'update', { plan: 'pro' });
  await within(5000, () => pings(requests).length === 2);
  const [first, second] = pings(requests);
  assert.deepEqual([first.cc, first.device_identifier, first.user_data.anonymous_id], ['0', undefined, undefined]);
  assert.equal(second.user_data.anonymous_id, id);
  assert.deepEqual([await ours(context), await stored(page)], [[], 0]);
});

// What browsers ask for by themselves, under each policy.
const signals = {
  dnt: () => Object.defineProperty(navigator, 'doNotTrack', { get: () => '1' }),
  gpc: () => Object.defineProperty(navigator, 'globalPrivacyControl', { get: () => true }),
};
for (const signal of Object.keys(signals)) {
  await inBrowser(async ({ page, context, site, requests }) => {
    await context.addInitScript(signals[signal]);
    site.pages['/'] = snippet({ plan: 'pro' });
    await page.goto(site.url);
    assert.equal((await arrived(page)).do_not_track, true, 'recorded, as long as nobody says more');

    await context.clearCookies();
    requests.length = 0;
    await configure(context, { [signal]: 'minimal' });
    await page.goto(site.url + '/?utm_source=letter#top', { referer: 'http://search.example/' });
    await within(5000, () => pings(requests).length === 1);
    const [{ referer, r, deeds: done, cc, user_data: said }] = pings(requests);
    assert.deepEqual([referer, r, done, cc, said.anonymous_id], [site.url + '/', undefined, [], '0', undefined]);
    assert.deepEqual(await ours(context), []);

    requests.length = 0;
    await configure(context, { [signal]: 'drop' });
    await page.goto(site.url);
    await booted(page);
    await pause(300);
    assert.deepEqual([pings(requests).length, await ours(context)], [0, []]);
  });
}
