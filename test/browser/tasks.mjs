// The five main tasks of the owner's team by nothing but keys: find a person, merge with a preview, undo, reply to a
// conversation, tag many at once. And the rest of what can be done with a list: filter, segment, CSV, archive and undo.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { at, looks, mustBeAccessible, mustLookRight, otherLooks, text } from './admin.mjs';
import { inBrowser, lobby, rest } from './browser.mjs';

const lead = await rest('POST', '/contacts', { role: 'lead', name: 'Marie at home', email: 'marie@home.example' });
const user = await rest('POST', '/contacts', { role: 'user', name: 'Marie Curie', external_id: 'marie-1' });
const team = [];
for (let n = 1; n <= 4; n++) team.push(await rest('POST', '/contacts', { role: 'user', name: `Radium ${n}`, email: `r${n}@lab.example` }));
const talk = (await rest('POST', '/conversations', { from: { type: 'contact', id: team[0].id }, body: 'Does it glow?' })).conversation_id;

// press goes on with Tab, as who has no mouse does, to the next element that says something, and presses a key there.
async function press(page, name, key = 'Enter') {
  for (let n = 0; n < 150; n++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const e = document.activeElement;
      const label = e.labels && e.labels[0] && e.labels[0].innerText;
      return [e.ariaLabel, label, e.innerText, e.placeholder, e.alt].filter(Boolean).join(' | ').trim();
    });
    if (name.test(focused)) return key && (await page.keyboard.press(key));
  }
  assert.fail(`Tab never comes to ${name} on ${page.url()}`);
}

// choose types the beginning of an option into the list that has the focus.
async function choose(page, label, option) {
  await press(page, label, null);
  await page.keyboard.type(option);
}

let cookies;
await inBrowser(async ({ page, context, requests }) => {
  const complaints = [];
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  await page.goto(lobby + '/pages/login');
  await page.keyboard.type('ada@shop.example'); // the field has the focus
  await press(page, /Password/, null);
  await page.keyboard.type('a sentence for a door');
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people'));

  // 1. Find a person.
  await page.keyboard.press('/');
  await page.keyboard.type('marie@home');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=marie/);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people/' + lead.id));

  // 2. Merge, with a preview.
  await press(page, /^Merge/);
  await page.waitForURL(/to=merge/);
  await press(page, /address|id of a user|into/i, null);
  await page.keyboard.type('marie-1');
  await page.keyboard.press('Enter');
  await page.waitForSelector('table.compare');
  assert.match(await text(page), /marie@home\.example[\s\S]*taken over/);
  await press(page, /^Merge$/);
  await page.waitForURL(/done=merged/);
  assert.match(await text(page), /from Marie at home, merged/, 'where a value came from');

  // 3. Undo. The id of the record is found again, and before that it led on.
  await press(page, /^Undo/);
  await page.waitForURL(/done=undone/);
  assert.equal((await rest('GET', '/contacts/' + lead.id)).email, 'marie@home.example');

  // 4. Reply to a conversation.
  await press(page, /^Conversations$/);
  await page.waitForURL(at('conversations'));
  await page.keyboard.press('/');
  await page.keyboard.type('glow');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=glow/);
  assert.match(await text(page), /1 conversation, open/);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`conversations/${talk}`));
  await page.keyboard.press('r');
  await page.keyboard.type('Only in the dark.');
  await press(page, /^Send$/);
  await page.waitForURL(/done=replied/);
  assert.match(await text(page), /Only in the dark\./);

  // 5. Tag in bulk: two who are ticked by keys, then all of a list.
  await page.goto(at('people?q=lab.example'));
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  assert.equal(await page.locator('input[name=id]:checked').count(), 2);
  await press(page, /^Next …$/);
  await page.waitForURL(/bulk\?/);
  assert.match(await text(page), /Tag 2 people/);
  await mustBeAccessible(page, 'the question before many are tagged');
  await press(page, /^Tag/, null);
  await page.keyboard.type('Glowing');
  await page.keyboard.press('Enter');
  await page.waitForSelector('h1:has-text("2 people tagged")');
  await mustBeAccessible(page, 'what was done with many');
  await page.goto(at('people?q=lab.example'));
  await choose(page, /^What to do/, 'Archive');
  await choose(page, /^With whom/, 'all');
  await press(page, /^Next …$/);
  await page.waitForURL(/bulk\?/);
  assert.match(await text(page), /Archive 4 people/);
  assert.equal((await rest('GET', '/contacts/' + team[3].id)).status, 200, 'a question does nothing');
  await press(page, /^Archive 4 people$/);
  await page.waitForSelector('h1:has-text("4 people archived")');
  await press(page, /^Undo/);
  await page.waitForSelector('h1:has-text("4 people restored")');

  // The result as a file, of all rows.
  await page.goto(at('people?q=lab.example&c=email'));
  await choose(page, /^What to do/, 'Export');
  await choose(page, /^With whom/, 'all');
  await press(page, /^Next …$/);
  await page.waitForURL(/bulk\?/);
  const coming = page.waitForEvent('download');
  await press(page, /^Download 4 people$/);
  const lines = readFileSync(await (await coming).path(), 'utf8').trim().split('\n');
  assert.equal(lines[0], 'id,role,name,email');
  assert.equal(lines.length, 5);
  assert.match(lines[1], /^[0-9a-f]{24},user,Radium 1,r1@lab\.example$/);

  // Filters of which any may hold, saved as a segment.
  await page.goto(at('people?role=user&m=any&f=name&o=is&v=Radium+1&f=email&o=starts&v=r2%40'));
  assert.match(await text(page), /2 people/);
  await press(page, /^Save as a segment$/);
  await press(page, /^Name of the segment/, null);
  await page.keyboard.type('Two of them');
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=segment/);
  assert.match(await text(page), /2 people/);
  await page.goto(at('people?role=visitor&q=x'));
  await press(page, /^Save as a segment$/);
  await press(page, /^Name of the segment/, null);
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.wrong');
  await mustBeAccessible(page, 'a segment that cannot be');

  // Begin a conversation with a person.
  await page.goto(at('people/' + team[1].id));
  await press(page, /^Write to Radium 2$/);
  await press(page, /^Text/, null);
  await page.keyboard.type('Come and see.');
  await press(page, /^Send$/);
  await page.waitForURL(/conversations\/\d+\?done=replied/);
  assert.match(await text(page), /Come and see\./);

  assert.deepEqual(complaints, []);
  assert(requests.every((request) => request.url().startsWith(lobby)), 'pages load nothing from elsewhere');
  cookies = await context.cookies();
});

const list = encodeURIComponent('?q=lab.example');
const pages = [
  'people?q=lab.example&m=any&f=name&o=over&v=x', 'people?q=' + lead.id, `bulk?act=tag&whom=all&list=${list}`, `bulk?act=untag&whom=all&list=${list}`, `bulk?act=export&whom=all&list=${list}`,
  'bulk?act=archive&whom=ticked', 'people/' + team[1].id, 'people/' + user.id, 'conversations?q=glow', 'conversations?q=nothing+at+all',
];
await mustLookRight(pages, cookies, process.env.LOBBY_TEST_DEEP ? [...looks, ...otherLooks] : looks);

// Without JavaScript the list is worked on as well.
await inBrowser(async ({ page, context }) => {
  await context.addCookies(cookies);
  await page.goto(at('people?q=lab.example'));
  await page.check('input[name=id] >> nth=0');
  await page.click('.bulk button');
  await page.fill('#tag', 'By hand');
  await page.click('main form button');
  assert.match(await text(page), /1 person tagged/);
}, { javaScriptEnabled: false });
