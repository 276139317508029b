// The packages by which sites call Intercom work unmodified when our script came first, and Intercom's own also when its
// widgetUrl names this server.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { app, arrived, deeds, inBrowser, lobby, pings, readVisitor, within } from './browser.mjs';

const bundle = await readFile(process.env.LOBBY_WRAPPERS, 'utf8');
const widgetUrl = `${lobby}/widget/${app}`;

await inBrowser(async ({ page, context, site, requests }) => {
  const body = '<!doctype html><script></script><body>';
  const first = `<!doctype html><script src="${widgetUrl}"></script><body>`;
  const wrappers = `<script src="/wrappers.js"></script>`;
  site.pages['/wrappers.js'] = bundle;
  site.pages['/'] = first + wrappers;
  site.pages['/configured'] = body + wrappers;

  const open = async (path) => {
    await context.clearCookies();
    requests.length = 0;
    await page.goto(site.url + path);
  };

  for (const [path, more] of [['/configured', { widgetUrl, region: 'eu' }], ['/', {}]]) {
    await open(path);
    await page.evaluate((settings) => Wrappers.sdk.Intercom(settings), { app_id: app, plan: 'pro', ...more });
    const visitor = await arrived(page, 1000);
    assert.deepEqual(visitor.custom_attributes, { plan: 'pro' });
    assert.equal(await page.evaluate(() => Wrappers.sdk.getVisitorId()), visitor.user_id);
    await page.evaluate(() => {
      Wrappers.sdk.update({ plan: 'gold' });
      Wrappers.sdk.trackEvent('upgraded', { from: 'pro' });
      Wrappers.sdk.onUnreadCountChange(() => {});
      Wrappers.sdk.show();
    });
    await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.plan === 'gold');
    await page.evaluate(() => Wrappers.sdk.shutdown());
    assert.equal(await page.evaluate(() => Wrappers.sdk.getVisitorId()), undefined);
    await page.evaluate((id) => Wrappers.sdk.boot({ app_id: id }), app);
    assert.notEqual((await arrived(page, 1000)).user_id, visitor.user_id);
  }

  for (const wrapper of ['reactUseIntercom', 'reactIntercom', 'vueIntercom', 'ngIntercom']) {
    await open('/');
    await page.evaluate(async ([wrapper, app]) => (window.site = await Wrappers[wrapper](app)), [wrapper, app]);
    const visitor = await arrived(page, 1000);
    assert(await page.evaluate(() => window.Intercom.booted), wrapper + ' ended booted');
    assert.equal(await page.evaluate(() => window.site.getVisitorId()), visitor.user_id, wrapper);
    assert.deepEqual(visitor.custom_attributes, { plan: 'pro' }, wrapper);
    assert(pings(requests).length <= 2, `${wrapper} began with ${pings(requests).length} pings`);
    await page.evaluate((wrapper) => {
      window.site.trackEvent('upgraded', { from: 'pro' });
      window.site.update(wrapper === 'reactUseIntercom' ? { customAttributes: { plan: 'gold' } } : { plan: 'gold' });
    }, wrapper);
    await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.plan === 'gold');
    await within(5000, () => deeds(requests, 'event_name').length === 1);
    await page.evaluate(() => window.site.end());
    assert.equal(await page.evaluate(() => window.Intercom('getVisitorId')), undefined, wrapper + ' is still there');
    assert(!(await page.evaluate(() => document.cookie)).includes('intercom-id-'), wrapper);
  }

  // A component that comes back finds the function, which its former self has deleted.
  await open('/');
  await page.evaluate(async (app) => (window.site = await Wrappers.reactIntercom(app)), app);
  const before = await arrived(page);
  await page.evaluate(() => {
    window.site.end();
    window.site.again();
  });
  const after = await arrived(page);
  assert.notEqual(after.user_id, before.user_id);
  assert.deepEqual(after.custom_attributes, { plan: 'again' });
});
