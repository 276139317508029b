// Whatever a page or its wrapper calls, in whatever order, does what it should or does no harm.
import assert from 'node:assert/strict';
import { app, arrived, deeds, inBrowser, lobby, pings, readVisitor, rest, snippet, within } from './browser.mjs';

await inBrowser(async ({ page, context, site, requests }) => {
  // Calls that wait in a loader's queue are made when the script is there, in their order.
  const script = `<script async src="${lobby}/widget/${app}"></script>`;
  site.pages['/queue'] = `<!doctype html><script>
    window.counted = []; window.readied = 0;
    window.Intercom = function () { Intercom.q.push(arguments); };
    Intercom.q = [['update', { plan: 'lost' }], ['onUnreadCountChange', function (n) { counted.push(n); }]];
    Intercom('ready', function () { readied++; });
    Intercom('trackEvent', 'queued', { step: 1 });
    Intercom('onShow', undefined);
    Intercom('boot', { app_id: '${app}', plan: 'pro' });
    Intercom('no such method', 1);
    window.early = Intercom('getVisitorId');
  </script>${script}${script}`;
  await page.goto(site.url + '/queue');
  const visitor = await arrived(page);
  assert.deepEqual(visitor.custom_attributes, { plan: 'pro' });
  await within(5000, () => page.evaluate(() => window.readied === 1));
  assert.deepEqual(await page.evaluate(() => [window.counted, window.early]), [[0], undefined]);
  assert.equal(pings(requests).length, 1, 'loading the script twice pings once');
  const [queued] = deeds(requests, 'event_name');
  assert.equal(queued.event_name, 'queued', 'what is said together goes together');
  assert.deepEqual(queued.metadata, { step: 1 });

  // Nothing throws, and every method is there.
  const answers = await page.evaluate(() => {
    const methods = `whoami show hide showMessages showNewMessage startConversation showSpace showArticle showNews showTicket
      showConversation startTour startSurvey startChecklist hideNotifications setAuthTokens onShow onHide onUserEmailSupplied
      onActivatorClick reattach_activator constructor __proto__ toString __defineGetter__ valueOf`;
    methods.split(/\s+/).forEach((method) => window.Intercom(method));
    [undefined, null, 7, {}, [], Object.create(null), Symbol('s')].forEach((method) => window.Intercom(method));
    window.Intercom('trackEvent', { no: 'name' });
    window.Intercom('ready');
    window.Intercom('onUnreadCountChange');
    return [window.Intercom.booted, window.Intercom('whoami')];
  });
  assert.deepEqual(answers, [true, {}]);

  // A burst becomes few pings, one after the other, and the last value wins.
  let before = pings(requests).length;
  await page.evaluate(() => {
    for (let i = 1; i <= 30; i++) window.Intercom('update', { count: i });
  });
  await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.count === 30);
  assert(pings(requests).length - before <= 3);
  const numbers = pings(requests).map((ping) => ping.n);
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
  assert.equal(new Set(pings(requests).map((ping) => ping.s)).size, 1);

  // The app of another script is refused; a deleted global comes back.
  before = pings(requests).length;
  await page.evaluate(() => {
    window.Intercom('boot', { app_id: 'another' });
    delete window.Intercom;
    window.Intercom('update', { kept: true });
  });
  await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.kept);
  assert.equal(pings(requests).length - before, 1);

  // What was said just before shutdown still arrives; then nobody is there until the next boot, who is somebody else.
  const gone = await page.evaluate(() => {
    window.Intercom('update', { last: 'word' });
    window.Intercom('shutdown');
    window.Intercom('update', { app_id: 'demo1234', after: 'shutdown' });
    window.Intercom('trackEvent', 'after-shutdown');
    return [window.Intercom('getVisitorId'), document.cookie];
  });
  assert.equal(gone[0], undefined);
  assert(!gone[1].includes('intercom-id-'), 'the id is forgotten');
  assert(gone[1].includes('intercom-device-id-'), 'the device is not');
  await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.last === 'word');
  await page.evaluate(() => window.Intercom('boot'));
  const next = await arrived(page);
  assert.notEqual(next.user_id, visitor.user_id);
  assert.deepEqual(next.custom_attributes, {});

  // What is said just before the page goes away still arrives. Routing would hold such a request until it is too late.
  await context.unrouteAll();
  await page.evaluate(() => {
    window.Intercom('update', { left: true });
    window.Intercom('trackEvent', 'left');
    location.href = '/empty';
  });
  await within(5000, async () => (await readVisitor(next.user_id)).custom_attributes.left);
  await page.waitForURL('**/empty');
  // Not every request of a page that is gone is seen from outside, so the server says whether it came.
  const lead = await rest('POST', '/visitors/convert', { type: 'lead', visitor: { user_id: next.user_id } });
  const told = async () => (await rest('GET', '/events?type=user&intercom_user_id=' + lead.id)).events;
  await within(5000, async () => (await told()).some(({ event_name }) => event_name === 'left'));

  // Every ping of a page that names a user carries the proof, and the page is told when it is wrong.
  const warnings = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  site.pages['/user'] = snippet({ user_id: '42', user_hash: '00' });
  await page.goto(site.url + '/user');
  await within(5000, () => warnings.includes('Intercom: Incorrect user_hash'));
  before = pings(requests).length;
  await page.evaluate(() => window.Intercom('update', { plan: 'pro' }));
  await within(5000, () => pings(requests).length > before);
  const { anonymous_id: id, ...said } = pings(requests).at(-1).user_data;
  assert.equal(id, next.user_id);
  assert.deepEqual(said, { plan: 'pro', user_id: '42', user_hash: '00' });

  // A site's hosts share a visitor, and other sites do not.
  site.pages['/'] = snippet({});
  const ids = [];
  for (const host of ['www.shop.localhost', 'shop.localhost', 'www.other.localhost']) {
    await page.goto(`http://${host}:${site.port}/`);
    ids.push((await arrived(page)).user_id);
  }
  assert.equal(ids[0], ids[1]);
  assert.notEqual(ids[0], ids[2]);
  const cookie = (await context.cookies()).find(({ value }) => value === ids[0]);
  assert.equal(cookie.name, 'intercom-id-' + app);
  assert.equal(cookie.domain, '.shop.localhost');
  assert.equal(cookie.sameSite, 'Lax');
  assert(Math.abs(cookie.expires - Date.now() / 1000 - 274 * 86400) < 300);
  assert(!(await context.cookies()).some(({ name }) => name === 'intercom-probe'));

  // An app that is not there costs a line in the console.
  site.pages['/nobody'] = `<script src="${lobby}/widget/nobody"></script><script>document.title = typeof Intercom</script>`;
  await page.goto(site.url + '/nobody');
  assert.equal(await page.title(), 'undefined');
  assert.equal((await rest('GET', '/visitors?user_id=' + ids[2])).status, 200);
});
