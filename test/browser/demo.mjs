// The demo page adopts a visitor, shows what the server knows of it, and lets it become a user.
import assert from 'node:assert/strict';
import { app, inBrowser, lobby, readVisitor, rest, token, within } from './browser.mjs';

await inBrowser(async ({ page, requests }) => {
  const complaints = [];
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  const id = 'd0000000-0000-4000-8000-00000000d3e0';
  const text = (selector) => page.locator(selector).textContent();

  await page.goto(`${lobby}/demo#token=${token}&visitor=${id}`);
  await within(5000, async () => (await text('#visitor')) === id);
  assert.equal(page.url(), lobby + '/demo', 'the fragment is gone');
  const visitor = await within(5000, async () => {
    const found = await readVisitor(id);
    return found.status === 200 && found;
  });
  await within(5000, async () => (await text('#who')) === visitor.pseudonym);
  await within(5000, () => page.locator('#avatar').evaluate((image) => image.complete && image.naturalWidth === 128));
  assert((await text('#lines')).includes(`/visitors?user_id=${id}`));

  await page.fill('#name', 'Ada');
  await page.click('#rename button');
  await within(5000, async () => (await text('#who')) === 'Ada');
  await page.click('#track button');
  await within(5000, () => requests.some((request) => (request.postData() || '').includes('opened-door')));
  await within(5000, async () => (await text('#events')).includes('opened-door'));
  assert.equal(await page.getAttribute('#pages', 'href'), `${lobby}/pages/${app}/people/${id}`);

  // The server's own change shows without a click.
  await rest('PUT', '/visitors', { user_id: id, custom_attributes: { plan: 'pro' } });
  await within(5000, async () => (await text('#fields')).includes('custom_attributes.plan'));

  await page.fill('#email', 'ada@demo.example');
  await page.click('#convert button');
  await within(5000, async () => (await text('#role')) === 'user');
  assert.equal((await readVisitor(id)).status, 404);

  await page.click('#leave');
  await within(5000, async () => (await text('#role')) === 'visitor' && (await text('#visitor')) !== id);

  // The token goes into one header of requests to this server, and nowhere else.
  for (const request of requests) {
    assert(request.url().startsWith(lobby));
    assert(!request.url().includes(token) && !(request.postData() || '').includes(token));
  }
  assert.deepEqual(complaints, []);
});
