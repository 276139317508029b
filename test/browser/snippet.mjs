// A page whose classic snippet has another host makes a visitor, whose life goes on as a user.
import assert from 'node:assert/strict';
import { app, arrived, inBrowser, readVisitor, rest, snippet, within } from './browser.mjs';

await inBrowser(async ({ page, site, requests }) => {
  const attributes = { plan: 'pro', seats: 3, rate: 0.5, trial: false };
  site.pages['/start'] = snippet({ ...attributes, hide_default_launcher: true, api_base: 'https://api.example' });
  const address = site.url + '/start?utm_source=letter&utm_campaign=spring&reset_token=hidden#access_token=hidden';
  await page.goto(address, { referer: 'http://search.example/' });

  const visitor = await arrived(page, 1000);
  assert.equal(visitor.type, 'visitor');
  assert.deepEqual(visitor.custom_attributes, attributes);
  assert.equal(visitor.referrer, 'http://search.example/');
  assert.equal(visitor.utm_source, 'letter');
  assert.equal(visitor.utm_campaign, 'spring');
  assert.equal(visitor.do_not_track, false);
  assert.equal(visitor.session_count, 1);
  assert.equal(visitor.location_data.timezone, 'Europe/Berlin');
  for (const request of requests) {
    assert(!(request.postData() || '').includes('hidden'), 'a secret of the address was sent');
  }

  const order = { type: 'user', visitor: { user_id: visitor.user_id }, user: { email: 'ada@example.com' } };
  const user = await rest('POST', '/visitors/convert', order);
  assert.equal(user.status, 200);
  assert.equal((await readVisitor(visitor.user_id)).status, 404);

  const contact = await rest('GET', '/contacts/' + user.id);
  assert.equal(contact.role, 'user');
  assert.equal(contact.email, 'ada@example.com');
  assert.deepEqual(contact.custom_attributes, attributes);
  assert.equal(contact.browser, 'Chrome');
  assert.equal(contact.browser_version, '140.0.0.0');
  assert.equal(contact.browser_language, 'de-DE');
  assert.equal(contact.os, 'Linux');

  // The browser still holds the spent id. It comes back as somebody new, and the user stays as it is.
  await page.reload();
  const next = await within(5000, async () => {
    const id = await page.evaluate(() => window.Intercom('getVisitorId'));
    return id !== visitor.user_id && id;
  });
  assert.equal((await readVisitor(next)).status, 200);
  assert((await page.context().cookies()).some(({ name, value }) => name === 'intercom-id-' + app && value === next));
  assert.deepEqual(await rest('GET', '/contacts/' + user.id), contact);
});
