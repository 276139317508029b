// Who is there: one visitor in two tabs, a user and then another, cookies that get lost, browsers that are no people.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { app, arrived, call, deeds, inBrowser, lobby, pause, pings, readVisitor, rest, secret, snippet, within } from './browser.mjs';

const proven = (id) => ({ user_id: id, user_hash: createHmac('sha256', secret).update(id).digest('hex') });
const who = (page) => call(page, 'getVisitorId');

await inBrowser(async ({ page, context, site, requests }) => {
  site.pages['/'] = snippet({});
  await page.goto(site.url);
  const visitor = await arrived(page);

  // Two tabs are one visitor. When one of them is told another id, the other follows.
  const tab = await context.newPage();
  await tab.goto(site.url);
  assert.equal((await arrived(tab)).user_id, visitor.user_id);
  await tab.evaluate(() => new Promise((heard) => window.Intercom('ready', heard)));
  await rest('POST', '/visitors/convert', { type: 'user', visitor: { user_id: visitor.user_id }, user: { email: 'tabs@example.com' } });
  await call(page, 'update', { tab: 1 });
  const next = await within(5000, async () => (await who(page)) !== visitor.user_id && who(page));
  await call(tab, 'update', { tab: 2 });
  await within(5000, async () => (await readVisitor(next)).custom_attributes.tab === 2);
  assert.equal(await who(tab), next);

  // A visitor signs in: it is the user now, with what it did. Its tab goes on as the user, the other tab as a stranger.
  await call(page, 'trackEvent', 'before-sign-in');
  await within(5000, () => deeds(requests, 'event_name').length === 1);
  await call(page, 'boot', proven('ada'));
  await within(5000, async () => (await readVisitor(next)).status === 404);
  const ada = await within(5000, () => rest('GET', '/lobby/v1/people/' + next));
  assert.equal(ada.status, 200);

  // Another user without a shutdown between is not merged into the first, nor told of what was said for the first.
  await page.evaluate((bob) => {
    window.Intercom('update', { of: 'ada' });
    window.Intercom('boot', bob);
    window.Intercom('update', { of: 'bob' });
  }, proven('bob'));
  await within(5000, () => pings(requests).some(({ user_data }) => user_data.user_id === 'bob'));
  await within(5000, async () => (await who(page)) !== next);
  for (const { user_data: said } of pings(requests)) assert(!said.of || said.of === said.user_id, JSON.stringify(said));
  const bobs = pings(requests).filter(({ user_data }) => user_data.user_id === 'bob');
  assert(bobs.every(({ user_data }) => user_data.anonymous_id !== next), "bob's pings never carry ada's visitor");

  // Signing out ends it: the next one is somebody new, and the tab of the former user does not bring the cookie back.
  const left = await who(page);
  await call(page, 'shutdown');
  assert.equal(await who(page), undefined);
  await call(page, 'boot');
  const stranger = await arrived(page);
  assert.notEqual(stranger.user_id, left);
  assert.equal(stranger.type, 'visitor');
  await tab.close();

  // A tab that has signed in does not speak for whoever has the cookie now.
  const signedIn = await context.newPage();
  await signedIn.goto(site.url);
  await arrived(signedIn);
  await call(signedIn, 'boot', proven('eve'));
  await within(5000, async () => (await readVisitor(stranger.user_id)).status === 404);
  await call(page, 'shutdown');
  await call(page, 'boot');
  const fresh = await arrived(page);
  await call(signedIn, 'update', { still: 'eve' });
  await within(5000, () => pings(requests).some(({ user_data }) => user_data.still === 'eve'));
  await pause(200);
  assert.equal((await readVisitor(fresh.user_id)).status, 200, 'the new visitor is not merged into eve');
  assert((await context.cookies()).some(({ value }) => value === fresh.user_id));
  await signedIn.close();

  // Cookies that get lost while the page is there cost nothing; the next page is a new visitor's.
  await context.clearCookies();
  await call(page, 'update', { lost: 'cookies' });
  await within(5000, async () => (await readVisitor(fresh.user_id)).custom_attributes.lost);
  assert.equal(await who(page), fresh.user_id);
  await page.reload();
  const after = await arrived(page);
  assert.notEqual(after.user_id, fresh.user_id);

  // Each visit gives the cookie nine more months, because Safari cuts them to seven days; junk in it is replaced.
  const cookie = async () => (await context.cookies()).find(({ name }) => name === 'intercom-id-' + app);
  const { expires } = await cookie();
  await pause(1100);
  await page.reload();
  assert.equal((await arrived(page)).user_id, after.user_id);
  assert((await cookie()).expires > expires);
  await context.addCookies([{ name: 'intercom-id-' + app, value: 'mallory', url: site.url }]);
  await page.reload();
  assert.match((await arrived(page)).user_id, /^[\da-f-]{36}$/);

  // The session token of a user is kept as long as it says, sent, given back at the end, and forgotten.
  await context.route('**/messenger/web/ping', async (route) => {
    const response = await route.fetch();
    const answer = { ...(await response.json()), anonymous_session: 'a-token' };
    await route.fulfill({ response, body: JSON.stringify(answer) });
  });
  await call(page, 'update', { session_duration: 3600000 });
  const cookieOfSession = await within(5000, async () => (await context.cookies()).find(({ value }) => value === 'a-token'));
  assert.equal(cookieOfSession.name, 'intercom-session-' + app);
  assert(Math.abs(cookieOfSession.expires - Date.now() / 1000 - 3600) < 300);
  const ends = () => pings(requests).filter(({ source }) => source === 'shutdown');
  const before = ends().length;
  await call(page, 'shutdown');
  const last = await within(5000, () => ends().length > before && ends().at(-1));
  assert.equal(last.anonymous_session, 'a-token');
  await pause(300);
  assert(!(await context.cookies()).some(({ name }) => name === cookieOfSession.name), 'a late answer brings nothing back');
});

// A crawler says who it is and leaves no record; a browser that is driven by a program says so.
const robot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
await inBrowser(
  async ({ page, site, requests }) => {
    site.pages['/'] = snippet({});
    await page.goto(site.url);
    await within(5000, () => page.evaluate(() => window.Intercom && window.Intercom.booted));
    await within(5000, () => pings(requests).length === 1);
    await pause(300);
    await call(page, 'update', { plan: 'pro' });
    await call(page, 'trackEvent', 'crawled');
    await pause(1500);
    assert.equal(pings(requests).length, 1, 'it is silent when told to be');
    assert.equal(pings(requests)[0].webdriver, '1');
    assert.equal((await readVisitor(await who(page))).status, 404);
  },
  { userAgent: robot },
);
