// What cannot be said now is said later, once: without a network, with a server that is busy, with a clock that is wrong.
import assert from 'node:assert/strict';
import { app, arrived, call, deeds, inBrowser, lobby, pause, pings, readVisitor, snippet, within } from './browser.mjs';

const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After' };

await inBrowser(async ({ page, context, site, requests }) => {
  site.pages['/'] = snippet({});
  await page.goto(site.url);
  const visitor = await arrived(page);
  const attributes = async () => (await readVisitor(visitor.user_id)).custom_attributes;
  const names = (from) => deeds(requests.slice(from), 'event_name').map(({ event_name: name }) => name);

  // Without a network calls wait, and leave when it is back.
  await context.setOffline(true);
  await call(page, 'update', { plan: 'offline', seats: 1 });
  await call(page, 'trackEvent', 'offline');
  await pause(1500);
  await call(page, 'update', { seats: 2 });
  await context.setOffline(false);
  await within(5000, async () => (await attributes()).seats === 2);
  assert.equal((await attributes()).plan, 'offline');
  assert(pings(requests).at(-1).deeds.some(({ event_name: name }) => name === 'offline'));

  // What is said while a ping is under way goes with the next.
  const slow = async (route) => {
    await pause(300);
    await route.continue();
  };
  await context.route('**/messenger/web/ping', slow, { times: 1 });
  const sent = pings(requests).length;
  await call(page, 'update', { first: true });
  await within(5000, () => pings(requests).length > sent);
  await call(page, 'update', { second: true });
  await within(5000, async () => (await attributes()).second);
  assert((await attributes()).first);
  assert.equal(pings(requests).length - sent, 2);

  // A busy server is not asked again before it wants to be.
  let busy = 0;
  let refusal = { status: 429, headers: { ...headers, 'Retry-After': '2' } };
  await context.route('**/messenger/web/ping', (route) => (busy++ < 1 ? route.fulfill(refusal) : route.continue()));
  let from = Date.now();
  await call(page, 'update', { plan: 'patient' });
  await within(5000, () => busy === 1);
  await call(page, 'update', { seats: 3 });
  await within(5000, async () => (await attributes()).plan === 'patient');
  assert(Date.now() - from > 1900, 'it waits for as long as it was told');
  assert.equal((await attributes()).seats, 3);
  assert.equal(busy, 2);

  // A server that fails is asked again after some three seconds; one that refuses is not.
  busy = 0;
  refusal = { status: 503, headers };
  from = Date.now();
  await call(page, 'update', { plan: 'again' });
  await within(8000, async () => (await attributes()).plan === 'again');
  assert(Date.now() - from > 2200, 'it waits before it asks again');
  busy = 0;
  refusal = { status: 400, headers, json: { errors: [{ message: 'No' }] } };
  await call(page, 'update', { plan: 'refused' });
  await within(5000, () => busy === 1);
  await pause(4000);
  assert.equal(busy, 1);
  assert.equal((await attributes()).plan, 'again');

  // An answer that gets lost costs nothing and repeats nothing: what comes again has the same numbers.
  const before = requests.length;
  let lost = 0;
  await context.route('**/messenger/web/ping', async (route) => {
    if (lost++) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await call(page, 'trackEvent', 'lost-answer');
  await within(9000, () => pings(requests.slice(before)).length === 2);
  assert.deepEqual(names(before), ['lost-answer']);

  // What a page could not get rid of goes with the next page of its tab, but not with the next person.
  await context.unrouteAll();
  await context.setOffline(true);
  await call(page, 'update', { kept: true });
  await call(page, 'trackEvent', 'kept');
  await pause(1300);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  assert.equal(await page.evaluate(() => sessionStorage.length), 1);
  await context.setOffline(false);
  const reloaded = requests.length;
  await context.route('**/messenger/web/ping', (route) => route.abort());
  await page.reload();
  await within(5000, () => names(reloaded).includes('kept'));
  const { deeds: done, user_data: said } = pings(requests).at(-1);
  assert.equal(said.kept, true);
  assert.deepEqual(done.map(({ n }) => n), [...done.map(({ n }) => n)].sort((a, b) => a - b));
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await context.clearCookies();
  await page.goto('about:blank'); // so that the page of before cannot send again
  const next = requests.length;
  await context.unrouteAll();
  await page.goto(site.url);
  await arrived(page);
  assert.deepEqual(names(next), []);
});

// The browser's clock is a day behind: it says so with each ping, and the server puts things right.
await inBrowser(async ({ page, site, requests }) => {
  await page.clock.setSystemTime(Date.now() - 86400000);
  site.pages['/'] = snippet({});
  await page.goto(site.url);
  const visitor = await arrived(page);
  await call(page, 'trackEvent', 'yesterday');
  await within(5000, () => deeds(requests, 'event_name').length === 1);
  const { clock } = pings(requests).at(-1);
  const [{ created_at: at }] = deeds(requests, 'event_name');
  const slow = (time) => Math.abs(Date.now() / 1000 - 86400 - time) < 300;
  assert(slow(Number(clock)) && slow(at));
  assert(Math.abs((await readVisitor(visitor.user_id)).last_request_at - Date.now() / 1000) < 300);
});
