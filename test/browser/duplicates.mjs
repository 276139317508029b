// Duplicates for the owner's team: found, compared, merged, undone and told apart by keys alone, with axe in light and dark,
// on a phone and a wide screen, and without JavaScript.
import assert from 'node:assert/strict';
import { at, looks, mustLookRight, otherLooks, text } from './admin.mjs';
import { inBrowser, lobby, rest } from './browser.mjs';

const email = 'mary@double.example';
const mary = await rest('POST', '/contacts', { role: 'user', external_id: 'mary-1', email, name: 'Mary Shelley' });
const shop = await rest('POST', '/contacts', { role: 'user', external_id: 'mary-shop', email: 'Mary@Double.example', phone: '+12025550142' });
const lead = await rest('POST', '/contacts', { role: 'lead', email, name: 'A rather long name that no phone has room for in one line, of Mary' });
const mother = await rest('POST', '/contacts', { role: 'lead', phone: '+1 202 555 0142', name: "Mary's mother" });

async function signIn(page) {
  await page.goto(lobby + '/pages/login');
  await page.fill('#email', 'ada@shop.example');
  await page.fill('#password', 'a sentence for a door');
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people'));
}

const press = async (page, role, name) => {
  await page.getByRole(role, { name }).first().focus();
  await page.keyboard.press('Enter');
};

const untick = async (page, value, name) => {
  await page.locator(`input[type=checkbox][name=${name}][value="${value}"]`).focus();
  await page.keyboard.press('Space');
};

let cookies;
await inBrowser(async ({ page, context, requests }) => {
  const complaints = [];
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  await signIn(page);

  // Find the group, by the menu.
  await press(page, 'link', 'Duplicates');
  await page.waitForURL(at('duplicates'));
  assert.match(await text(page), /Mary Shelley[\s\S]*share the email address mary@double\.example/);
  cookies = await context.cookies();
  await mustLookRight(
    ['duplicates', 'duplicates/' + lead.id, `duplicates/${mary.id}?into=${lead.id}&from=${mary.id}`],
    cookies, process.env.LOBBY_TEST_DEEP ? [...looks, ...otherLooks] : looks,
  );
  const group = page.locator('.cluster', { hasText: 'Mary Shelley' });
  await group.getByRole('link', { name: 'Compare 4 people' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(at('duplicates/' + mary.id));
  assert.match(await text(page), /Mary Shelley and 3 others[\s\S]*Merge 3 into Mary Shelley/);

  // The mother is another person: remember that.
  await untick(page, shop.id, 'people');
  await untick(page, lead.id, 'people');
  await press(page, 'button', 'They are different people');
  await page.waitForURL(/done=distinct/);
  assert.match(await text(page), /Not the same person[\s\S]*Mary Shelley[\s\S]*Mary's mother/);

  // What would happen, with somebody else to stay, and then as suggested.
  await page.goto(at('duplicates/' + mary.id));
  assert.match(await text(page), /Mary Shelley and Mary's mother are different people/);
  await page.locator(`input[name=into][value="${shop.id}"]`).focus();
  await page.keyboard.press('Space');
  await untick(page, lead.id, 'from');
  await press(page, 'button', 'Show what would happen');
  await page.waitForURL(/into=/);
  assert.match(await text(page), /Merge 1 into Mary@Double\.example/);
  assert.equal((await rest('GET', '/contacts/' + mary.id)).status, 200, 'a preview changes nothing');
  await page.goto(at('duplicates/' + mary.id));
  await press(page, 'button', /^Merge 2 into Mary Shelley/);
  await page.waitForURL(/merged=/);
  assert.match(await text(page), /Merged\. All of it is Mary Shelley now/);
  assert.equal((await rest('GET', '/lobby/v1/people/mary-shop')).id, mary.id);
  await mustLookRight([page.url().slice(at('').length)], cookies, looks);

  // Undo, right there.
  await press(page, 'button', 'Undo the merge');
  await page.waitForURL(/done=undone/);
  assert.equal((await rest('GET', '/contacts/' + shop.id)).phone, '+12025550142');
  assert.equal((await rest('GET', '/lobby/v1/people/mary-shop')).id, shop.id);

  // And the mother may be the same after all.
  await press(page, 'button', /Take back that Mary Shelley/);
  await page.waitForURL(/done=same/);
  assert.match(await text(page), /they may be the same person/);
  assert.deepEqual(complaints, []);
  assert(requests.every((request) => request.url().startsWith(lobby)), 'pages load nothing from elsewhere');
});

// Without JavaScript it is the same.
await inBrowser(async ({ page, context }) => {
  await context.addCookies(cookies);
  await page.goto(at('duplicates/' + lead.id));
  await page.locator(`input[type=checkbox][name=from][value="${mother.id}"]`).uncheck();
  await page.getByRole('button', { name: 'Show what would happen' }).click();
  await page.getByRole('button', { name: /^Merge 2 into Mary Shelley/ }).click();
  await page.waitForURL(/merged=/);
  assert.equal((await rest('GET', '/contacts/' + lead.id)).status, 404);
}, { javaScriptEnabled: false });
