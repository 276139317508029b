// The pages for the owner's team: from the setup link to an erasure, by keys alone where that matters, with axe on every
// page in light and dark, on a phone and a wide screen, and without JavaScript.
import assert from 'node:assert/strict';
import { at, looks, mustBeAccessible, mustLookRight, otherLooks, text } from './admin.mjs';
import { app, inBrowser, lobby, rest } from './browser.mjs';

const password = 'a sentence for a door';

const lead = await rest('POST', '/contacts', { role: 'lead', name: 'Grace at home', email: 'grace@home.example', phone: '+49301234' });
const user = await rest('POST', '/contacts', { role: 'user', name: 'Grace Hopper', external_id: 'g-1' });
await rest('POST', '/contacts/' + lead.id + '/notes', { body: '<p>Called <b>twice</b></p>', admin_id: '1' });
const visitor = await rest('POST', '/lobby/v1/visitors', { user_id: 'd0000000-0000-4000-8000-0000000000aa' });

let cookies;
await inBrowser(async ({ page, context, requests }) => {
  const complaints = [];
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  await page.goto(lobby);
  assert.equal(new URL(page.url()).pathname, '/pages/');
  await mustBeAccessible(page, 'the start of a server that nobody has set up');

  // Set up, by keys alone.
  await page.goto(process.env.LOBBY_SETUP);
  await mustBeAccessible(page, 'setup');
  await page.locator('#name').focus();
  await page.keyboard.type('Ada Lovelace');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ada@shop.example');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people'));
  await page.goto(process.env.LOBBY_SETUP);
  assert.match(await text(page), /does not work any more/);

  // Sign out and in again.
  await page.goto(at('people'));
  await page.locator('summary', { hasText: 'ada@shop.example' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/login/);
  await mustBeAccessible(page, 'login');
  await page.locator('#email').focus();
  await page.keyboard.type('ada@shop.example');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people'));

  // Find somebody: / goes to the search, j to the first of the list.
  await page.keyboard.press('/');
  await page.keyboard.type('grace@home');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=grace/);
  assert.match(await text(page), /1 person/);
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people/' + lead.id));
  assert.match(await text(page), /Called twice/);

  // A note, by keys.
  await page.locator('textarea[name=note]').focus();
  await page.keyboard.type('Is <b>Grace Hopper</b>');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=noted/);
  assert.match(await text(page), /Is <b>Grace Hopper<\/b>/);

  // Merge, with a preview first.
  await page.getByRole('link', { name: 'Merge …' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('#into').focus();
  await page.keyboard.type('g-1');
  await page.keyboard.press('Enter');
  await page.waitForSelector('table.compare');
  assert.match(await text(page), /grace@home\.example[\s\S]*taken over/);
  assert.equal((await rest('GET', '/contacts/' + lead.id)).status, 200, 'a preview changes nothing');
  await mustBeAccessible(page, 'preview');
  await page.getByRole('button', { name: 'Merge', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=merged/);
  assert.equal(new URL(page.url()).pathname, new URL(at('people/' + user.id)).pathname);
  assert.match(await text(page), new RegExp('The lead Grace at home was merged in[\\s\\S]*'));
  assert.match(await text(page), new RegExp(lead.id), 'every id they ever had');
  assert.equal((await rest('GET', '/contacts/' + user.id)).email, 'grace@home.example');

  // Undo.
  await page.getByRole('button', { name: /^Undo/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=undone/);
  assert.equal((await rest('GET', '/contacts/' + lead.id)).email, 'grace@home.example');

  // Erase, which asks how many.
  await page.goto(at(`people/${lead.id}/remove/erase`));
  assert.match(await text(page), /1 record[\s\S]*2 notes/);
  await mustBeAccessible(page, 'erase');
  await page.locator('#count').focus();
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.wrong');
  await page.locator('#count').focus();
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=erased/);
  assert.equal((await rest('GET', '/contacts/' + lead.id)).status, 404);

  // Times are the reader's own, and a filter offers what its field has.
  await page.goto(at('people/' + user.id));
  assert.match(await page.locator('time').first().getAttribute('title'), /20\d\d/);
  await page.goto(at('people'));
  await page.locator('summary', { hasText: 'Filters' }).click();
  await page.locator('select[name=f]').selectOption({ label: 'Last seen' });
  assert.equal(await page.locator('select[name=o] option:not([hidden])', { hasText: 'starts with' }).count(), 0);
  assert.equal(await page.locator('input[name=v]').getAttribute('type'), 'date');

  // Live: who opens a page is there within a second, without a look at the page of the team.
  await page.goto(at('live'));
  assert.doesNotMatch(await text(page), /look=here/);
  const shop = await context.browser().newContext({
    userAgent: await page.evaluate(() => navigator.userAgent),
  });
  const visit = await shop.newPage();
  await visit.goto(`${lobby}/demo?app_id=${app}&look=here`);
  const row = page.locator('#present tbody tr', { hasText: 'look=here' });
  await row.waitFor();
  assert.match(await row.innerText(), /first visit/);
  await row.locator('a').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/people\//);
  assert.match(await text(page), /Looked at/);
  await shop.close();
  await page.goto(at('overview'));
  assert.match(await text(page), /New visitors[\s\S]*Page views/);
  await page.locator('summary', { hasText: 'Table: Visitors' }).focus();
  await page.keyboard.press('Enter');
  assert.match(await text(page), /Returning/);

  assert.deepEqual(complaints, []);
  assert(requests.every((request) => request.url().startsWith(lobby)), 'pages load nothing from elsewhere');
  cookies = await context.cookies();
  assert(cookies.every((cookie) => cookie.httpOnly && cookie.path === '/pages/'));
});

const pages = [
  'live', 'overview', 'overview?from=nonsense&unit=week', 'overview?from=1980-01-01&to=1990-01-01', 'people', 'people?q=nobody&f=name&o=over&v=x', 'people/' + user.id, `people/${visitor.id}/identity?to=lead`,
  `people/${visitor.id}/identity?to=merge&into=nobody`, `people/${user.id}/remove/block`, 'team', 'settings', 'keys', 'webhooks', '../account', 'nothing',
];
await mustLookRight(pages, cookies, process.env.LOBBY_TEST_DEEP ? [...looks, ...otherLooks] : looks);

// Without JavaScript everything can be read, and the main tasks done.
await inBrowser(async ({ page, context }) => {
  await context.addCookies(cookies);
  await page.goto(at('live'));
  assert.match(await text(page), /look=here/);
  await page.goto(at('overview'));
  assert.match(await text(page), /Visitors by day/);
  await page.goto(at('people'));
  await page.fill('input[name=q]', 'Hopper');
  await page.click('.search .row button');
  await page.click('[data-row]');
  await page.fill('textarea[name=note]', 'Written without a script');
  await page.click('text=Save the note');
  await page.waitForURL(/done=noted/);
  await page.goto(at(`people/${visitor.id}/identity?to=merge&into=g-1`));
  await page.click('main form[method=post] button');
  await page.waitForURL(/done=merged/);
  assert.equal((await rest('GET', '/visitors?id=' + visitor.id)).status, 404);
}, { javaScriptEnabled: false });
