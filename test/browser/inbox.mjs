// Conversations for the owner's team: found, read, answered, noted, assigned, snoozed and closed by keys alone; what a contact
// writes arrives in an open page; with axe in light and dark, on a phone and a wide screen, and without JavaScript.
import assert from 'node:assert/strict';
import { at, looks, mustLookRight, otherLooks, text } from './admin.mjs';
import { inBrowser, lobby, rest, within } from './browser.mjs';

const hugo = await rest('POST', '/contacts', { role: 'user', name: 'Hugo Grotius', external_id: 'hugo-inbox' });
const begin = async (body) => (await rest('POST', '/conversations', { from: { type: 'contact', id: hugo.id }, body })).conversation_id;
const says = (id, body) =>
  rest('POST', `/conversations/${id}/reply`, { message_type: 'comment', type: 'user', intercom_user_id: hugo.id, body });
for (let n = 0; n < 3; n++) await begin('An older question, with a rather long text that no phone has room for in one line: ' + n);
const talk = await begin('Is the sea free?'); // the last one, so it is the first of the list
await says(talk, 'Anybody there?');

async function signIn(page) {
  await page.goto(lobby + '/pages/login');
  await page.fill('#email', 'ada@shop.example');
  await page.fill('#password', 'a sentence for a door');
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people'));
}

const press = async (page, button) => {
  await page.getByRole('button', { name: button, exact: true }).focus();
  await page.keyboard.press('Enter');
};

let cookies;
await inBrowser(async ({ page, context, requests }) => {
  const complaints = [];
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  await signIn(page);
  await page.goto(at('conversations'));

  // The list is told of what is new, while it is open.
  const list = await context.newPage();
  await list.goto(at('conversations'));
  await list.locator('.queue li').first().getByText('Anybody there?').waitFor();

  // Open the first by keys, and answer.
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(at(`conversations/${talk}#last`));
  assert.match(await text(page), /Is the sea free\?[\s\S]*Anybody there\?/);
  await page.keyboard.press('r');
  await page.keyboard.type('It is, by the law of nations.');
  await press(page, 'Send');
  await page.waitForURL(/done=replied/);
  assert.match(await text(page), /Ada Lovelace[\s\S]*by the law of nations/);
  await within(1000, () => list.locator('.queue li', { hasText: 'by the law of nations' }).count());

  // What the contact writes arrives while the page is open, and what was typed stays.
  await page.keyboard.press('r');
  await page.keyboard.type('half a sen');
  const asked = Date.now();
  await says(talk, 'And the <b>air</b> above it?');
  await page.locator('#thread').getByText('And the <b>air</b> above it?').waitFor();
  console.log(`a reply arrived after ${Date.now() - asked} ms`);
  assert.equal(await page.locator('textarea').inputValue(), 'half a sen');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
  assert.match(await page.locator('[data-news]').innerText(), /something new/);

  // A note, which is for the team.
  await page.locator('textarea').fill('He is a lawyer');
  await press(page, 'Save as a note for the team');
  await page.waitForURL(/done=kept/);
  assert.match(await page.locator('.thread li.note').innerText(), /He is a lawyer/);

  // Assign, snooze, open and close.
  await page.locator('#assignee').selectOption({ label: 'Ada Lovelace' });
  await press(page, 'Assign to the teammate');
  await page.waitForURL(/done=assigned/);
  await page.goto(at('conversations?whose=me'));
  assert.match(await text(page), /Hugo Grotius/);
  await page.goto(at('conversations/' + talk));
  await press(page, 'Snooze');
  await page.waitForURL(/done=snoozed/);
  assert.equal((await rest('GET', '/conversations/' + talk)).state, 'snoozed');
  await press(page, 'Open again');
  await page.waitForURL(/done=opened/);
  await press(page, 'Close');
  await page.waitForURL(/done=closed/);
  assert.equal((await rest('GET', '/conversations/' + talk)).state, 'closed');
  await page.goto(at('conversations?state=closed'));
  assert.match(await text(page), /Hugo Grotius/);

  // Nothing to send is said beside the text.
  await page.goto(at('conversations/' + talk));
  await press(page, 'Send');
  await page.waitForSelector('.wrong');

  assert.deepEqual(complaints, []);
  assert(requests.every((request) => request.url().startsWith(lobby)), 'pages load nothing from elsewhere');
  cookies = await context.cookies();
});

const pages = ['conversations', 'conversations?state=snoozed&whose=nobody', 'conversations/' + talk];
await mustLookRight(pages, cookies, [...looks, ...otherLooks]);

// Without JavaScript all of it works, but that one reads the page again oneself.
await inBrowser(async ({ page, context }) => {
  await context.addCookies(cookies);
  await page.goto(at('conversations?state=closed'));
  await page.click('[data-row]');
  await page.fill('textarea', 'Written without a script');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.waitForURL(/done=replied/);
  assert.match(await text(page), /Written without a script/);
}, { javaScriptEnabled: false });
