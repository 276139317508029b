// The pages for companies, tags, segments, attributes, subscription types, admins and teams, and the activity log: the main
// tasks by keys alone, and all of it with axe in light and dark, on a phone and a wide screen, and without JavaScript.
import assert from 'node:assert/strict';
import { at, looks, mustLookRight, otherLooks, text } from './admin.mjs';
import { inBrowser, lobby, rest } from './browser.mjs';

const dora = await rest('POST', '/contacts', { role: 'user', name: 'Dora Records', external_id: 'dora' });

const press = async (page, button) => {
  await page.getByRole('button', { name: button, exact: true }).focus();
  await page.keyboard.press('Enter');
};
const write = async (page, label, value) => {
  await page.getByLabel(label, { exact: true }).first().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(value);
};
const open = async (page, summary) => {
  await page.locator('summary', { hasText: summary }).focus();
  await page.keyboard.press('Enter');
};

let cookies, tag, company;
await inBrowser(async ({ page, context }) => {
  const complaints = [];
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  await page.goto(lobby + '/pages/login');
  await page.fill('#email', 'ada@shop.example');
  await page.fill('#password', 'a sentence for a door');
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people'));

  // Through the menu, by keys: Data, whose first page has the tags.
  await page.getByRole('link', { name: 'Data', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(at('tags'));
  await write(page, 'Name', 'Important');
  await press(page, 'Make a tag');
  await page.waitForURL(/done=made/);
  tag = new URL(page.url()).pathname.split('/').at(-1);
  await rest('POST', `/contacts/${dora.id}/tags`, { id: tag });
  await write(page, 'Name', 'Very important');
  await press(page, 'Save');
  await page.waitForURL(/done=saved/);
  assert.match(await text(page), /People\s+1/);

  // A company with somebody in it.
  await page.goto(at('companies'));
  await write(page, 'Name', 'Acme');
  await write(page, 'Your id of it', 'acme-records');
  await press(page, 'Make it');
  await page.waitForURL(/done=made/);
  company = new URL(page.url()).pathname.split('/').at(-1);
  await open(page, 'Add somebody');
  await write(page, 'An id of that person: Lobby\'s, yours, or the browser\'s', 'nobody at all');
  await press(page, 'Add');
  await page.waitForSelector('.wrong');
  assert.match(await text(page), /Nobody here has that id/);
  await write(page, 'An id of that person: Lobby\'s, yours, or the browser\'s', 'dora');
  await press(page, 'Add');
  await page.waitForURL(/done=saved/);
  assert.match(await text(page), /1 person[\s\S]*Dora Records/);

  // Find it again, and open it.
  await page.goto(at('companies'));
  await page.keyboard.press('/');
  await page.keyboard.type('acm');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=acm/);
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(at('companies/' + company));

  // Delete it, which says what comes of it.
  await open(page, 'Delete the company');
  assert.match(await text(page), /1 person leaves it and stays/);

  // What was done is in the log, and leads to what it was done to.
  await page.goto(at('activity'));
  assert.match(await text(page), /changed who belongs to a company[\s\S]*made a company[\s\S]*renamed a tag[\s\S]*made a tag/);
  await page.getByRole('link', { name: 'company ' + company }).first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(at('companies/' + company));

  // An attribute, a type of subscription, a team.
  await page.goto(at('attributes'));
  await write(page, 'Name', 'favourite');
  await press(page, 'Define an attribute');
  await page.waitForURL(/done=made/);
  await page.goto(at('subscriptions'));
  await write(page, 'Name', 'Offers');
  await press(page, 'Make a type');
  await page.waitForURL(/done=made/);
  await page.goto(at('teams'));
  await write(page, 'Name', 'Helpers');
  await press(page, 'Make a team');
  await page.waitForURL(/done=made/);

  assert.deepEqual(complaints, []);
  cookies = await context.cookies();
});

const pages = [
  'companies', 'companies?q=zzzz', 'companies/' + company, 'tags', 'tags/' + tag, 'segments', 'attributes', 'attributes/1', 'subscriptions', 'subscriptions/1',
  'admins', 'admins/1', 'teams', 'activity',
];
await mustLookRight(pages, cookies, process.env.LOBBY_TEST_DEEP ? [...looks, ...otherLooks] : looks);

// Without JavaScript all of it works, too.
await inBrowser(async ({ page, context }) => {
  await context.addCookies(cookies);
  await page.goto(at('tags/' + tag));
  await page.click('summary');
  await page.goto(at('companies/' + company));
  await page.click('text=Delete the company …');
  await page.click('text=Delete the company for good');
  await page.waitForURL(/done=deleted/);
  await page.goto(at('tags/' + tag));
  await page.click('text=Delete the tag …');
  await page.click('text=Delete the tag for good');
  await page.waitForURL(/done=deleted/);
  assert.doesNotMatch(await text(page), /Very important/);
}, { javaScriptEnabled: false });
