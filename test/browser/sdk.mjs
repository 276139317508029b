// Intercom's own package for the browser works when its widgetUrl names this server, or when the script came first.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { app, arrived, inBrowser, lobby, readVisitor, within } from './browser.mjs';

const sdk = await readFile(process.env.LOBBY_SDK, 'utf8');

await inBrowser(async ({ page, site }) => {
  const head = '<!doctype html><script></script>';
  const run = (settings) => `<script>${sdk}; SDK.Intercom(${JSON.stringify(settings)});</script>`;
  const widgetUrl = `${lobby}/widget/${app}`;
  site.pages['/configured'] = head + run({ app_id: app, widgetUrl, region: 'eu', plan: 'pro' });
  site.pages['/first'] = `<script src="${widgetUrl}"></script>` + run({ app_id: app, plan: 'pro' });

  for (const path of ['/configured', '/first']) {
    await page.context().clearCookies();
    await page.goto(site.url + path);
    const visitor = await arrived(page);
    assert.deepEqual(visitor.custom_attributes, { plan: 'pro' });
    assert.equal(await page.evaluate(() => SDK.getVisitorId()), visitor.user_id);
    await page.evaluate(() => {
      SDK.update({ plan: 'gold' });
      SDK.trackEvent('upgraded', { from: 'pro' });
      SDK.onUnreadCountChange(() => {});
      SDK.show();
    });
    await within(5000, async () => (await readVisitor(visitor.user_id)).custom_attributes.plan === 'gold');
    await page.evaluate(() => SDK.shutdown());
    assert.equal(await page.evaluate(() => SDK.getVisitorId()), undefined);
    await page.evaluate((id) => SDK.boot({ app_id: id }), app);
    assert.notEqual((await arrived(page)).user_id, visitor.user_id);
  }
});
