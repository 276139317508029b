// What the stories about the pages of the owner's team share.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { app, inBrowser, lobby } from './browser.mjs';

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

// at returns the address of a page of the workspace.
export const at = (path) => `${lobby}/pages/${app}/${path}`;

// text returns what a page says.
export const text = (page) => page.locator('main').innerText();

// Nothing that axe knows to be wrong may be on a page. The policy of the pages lets no script in, so it comes from outside.
export async function mustBeAccessible(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 2)}`), [], what);
}

const [wide, phone] = [{ width: 1280, height: 900 }, { width: 360, height: 740 }];

// Two looks that differ in everything, and the two others.
export const looks = [{ colorScheme: 'light', viewport: wide }, { colorScheme: 'dark', viewport: phone }];
export const otherLooks = [{ colorScheme: 'dark', viewport: wide }, { colorScheme: 'light', viewport: phone }];

// mustLookRight opens pages in each look: they are accessible, and as wide as the screen.
export async function mustLookRight(pages, cookies, looks) {
  for (const look of looks) {
    await inBrowser(async ({ page, context }) => {
      await context.addCookies(cookies);
      for (const path of pages) {
        await page.goto(at(path));
        const what = `${path}, ${look.colorScheme}, ${look.viewport.width} wide`;
        await mustBeAccessible(page, what);
        const { over, widest } = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          const ends = [...document.querySelectorAll('body *')].map((e) => [e.getBoundingClientRect().right, e.outerHTML.slice(0, 90)]);
          return { over: scrollWidth - clientWidth, widest: ends.sort((a, b) => b[0] - a[0])[0][1] };
        });
        assert(over <= 0, `${what}: the page is ${over} pixels wider than the screen, for ${widest}`);
      }
    }, look);
  }
}
