// The reference of the API and the demo page: the reference is searched and its commands are copied, its index folds on a
// phone, both pass axe in light and dark, and nothing comes from elsewhere.
import assert from 'node:assert/strict';
import { looks, mustBeAccessible, otherLooks } from './admin.mjs';
import { app, inBrowser, lobby, within } from './browser.mjs';

await inBrowser(async ({ page, context, requests }) => {
  const complaints = [];
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: lobby });
  await page.goto(lobby + '/docs');

  // Search, by keys: what has the words in its name, else what has them anywhere.
  await page.keyboard.press('/');
  await page.keyboard.type('merge');
  await within(5000, async () => /places?/.test(await page.textContent('#search-found')));
  const shown = await page.locator('.index li:not([hidden]) a').allTextContents();
  assert(shown.length > 0 && shown.length < 10 && shown.every((name) => /merge/i.test(name)), shown.join());
  await page.keyboard.press('Enter');
  await within(5000, () => new URL(page.url()).hash.length > 1);
  await page.focus('#search-box');
  await page.keyboard.press('Escape');
  assert.equal(await page.textContent('#search-found'), '');
  assert((await page.locator('.index li:not([hidden])').count()) > 50);
  await page.fill('#search-box', 'zzqxw');
  assert.equal(await page.textContent('#search-found'), '0 places');

  await page.getByRole('button', { name: 'Copy the command' }).first().click();
  await within(5000, async () => (await page.evaluate(() => navigator.clipboard.readText())).startsWith('export TOKEN='));
  assert.deepEqual(complaints, []);
  assert(requests.every((request) => request.url().startsWith(lobby)));
});

// On a phone the index is folded, and folds again when it has led somewhere.
await inBrowser(async ({ page }) => {
  await page.goto(lobby + '/docs');
  assert.equal(await page.locator('.index li').first().isVisible(), false);
  await page.click('.index > summary');
  await page.locator('.index li a').first().click();
  await within(5000, async () => !(await page.locator('.index li').first().isVisible()));
}, { viewport: { width: 360, height: 740 } });

for (const look of process.env.LOBBY_TEST_DEEP ? [...looks, ...otherLooks] : looks) {
  await inBrowser(async ({ page }) => {
    for (const path of ['/docs', '/demo?app_id=' + app]) {
      await page.goto(lobby + path);
      // Of each chapter two operations: the others are alike, and too many to look at one by one.
      await page.evaluate(() => document.querySelectorAll('article:nth-of-type(n+3)').forEach((article) => article.remove()));
      const what = `${path}, ${look.colorScheme}, ${look.viewport.width} wide`;
      await mustBeAccessible(page, what);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert(over <= 0, `${what}: ${over} pixels wider than the screen`);
    }
  }, look);
}

// Without JavaScript the reference can be read: there is no search and no button, and the index is there.
await inBrowser(async ({ page }) => {
  await page.goto(lobby + '/docs');
  assert.equal(await page.locator('#search-box').isVisible(), false);
  assert(await page.locator('.index li a').first().isVisible());
}, { javaScriptEnabled: false });
