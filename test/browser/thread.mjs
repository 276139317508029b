// Conversations in a page: written and answered live under the strictest policy, kept over a reload, shown to nobody else,
// usable by keyboard and screen reader, and safe whatever anybody writes.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { app, arrived, call, inBrowser, lobby, pause, rest, secret, snippet, within } from './browser.mjs';

const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const nonce = 'bm9uY2U';
const strict = {
  'Content-Security-Policy':
    `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; connect-src ${lobby}; base-uri 'none'; form-action 'none'; ` +
    `require-trusted-types-for 'script'; trusted-types 'none'`,
};
const strictPage =
  `<!doctype html><title>Shop</title><body><script nonce="${nonce}">window.intercomSettings = { app_id: '${app}' }</script>` +
  `<script async nonce="${nonce}" src="${lobby}/widget/${app}"></script>`;
const evil = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"'>`;

await rest('PUT', '/lobby/v1/settings', { messenger: true });
const admin = (await rest('GET', '/me')).id;
const reply = (id, body, more) =>
  rest('POST', `/conversations/${id}/reply`, { message_type: 'comment', type: 'admin', admin_id: admin, body, ...more });
const latest = async (text) => {
  const { conversations } = await rest('GET', '/conversations?per_page=50');
  return conversations.find(({ source }) => source.body.includes(text));
};
const asked = (requests, path) => requests.filter((request) => request.url() === `${lobby}/messenger/web/${path}`).length;
const type = async (page, text) => {
  const field = page.getByLabel('Your message');
  await field.waitFor();
  await field.fill(text);
  await field.press('Enter');
};
const write = async (page, text) => {
  await type(page, text);
  return within(5000, () => latest(text));
};
const booted = (page) => within(5000, () => page.evaluate(() => window.Intercom && window.Intercom('getVisitorId')));
async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document.querySelector('body > div'), { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
}

// Live, under a policy that allows nothing but the script.
await inBrowser(
  async ({ page, site, requests }) => {
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && !/favicon|404/.test(message.text()) && complaints.push(message.text()));
    site.pages['/'] = strictPage;
    await page.goto(site.url);
    const visitor = await arrived(page);
    assert(!requests.some((request) => request.url().endsWith('/thread.js')));
    await page.evaluate(() => {
      window.counts = [];
      window.Intercom('onUnreadCountChange', (count) => window.counts.push(count));
    });
    await call(page, 'showNewMessage', 'A question <b>of mine</b>');
    const field = page.getByLabel('Your message');
    await field.waitFor();
    assert.equal(await field.inputValue(), 'A question <b>of mine</b>');
    await field.press('Enter');
    const { id, source } = await within(5000, () => latest('A question'));
    assert.equal(source.body, '<p>A question &lt;b&gt;of mine&lt;/b&gt;</p>');
    assert.equal(source.url, site.url + '/');
    assert.equal((await rest('GET', '/contacts/' + visitor.id)).role, 'lead');

    // An answer shows by itself, without a question; a note does not.
    await reply(id, 'SECRET', { message_type: 'note' });
    await reply(id, '<p>An <b>answer</b>, see <a href="https://docs.example/?a=1&amp;b=2">here</a></p>');
    await page.getByText('An answer, see here').waitFor();
    assert.equal(asked(requests, 'conversations'), 0, 'nothing was asked for again and again');
    assert.equal(await page.getByRole('link', { name: 'here' }).getAttribute('href'), 'https://docs.example/?a=1&b=2');
    assert.equal(await page.getByText('SECRET').count(), 0);
    await within(5000, async () => (await rest('GET', '/conversations/' + id)).read);
    await within(5000, () => page.evaluate(() => window.counts.at(-1) === 0));

    // Closed, it counts what is unread; open again, nothing is.
    await call(page, 'hide');
    await reply(id, 'One more');
    await within(5000, () => page.evaluate(() => window.counts.at(-1) === 1));
    await call(page, 'show');
    await page.getByText('One more').waitFor();
    await within(5000, () => page.evaluate(() => window.counts.at(-1) === 0));
    await type(page, 'A second part of it');
    await within(5000, async () => (await rest('GET', '/conversations/' + id)).conversation_parts.total_count === 4);

    // After a reload it is all there.
    await page.reload();
    await booted(page);
    await call(page, 'showMessages');
    await page.getByRole('button', { name: 'A second part of it' }).click();
    await page.getByText('An answer, see here').waitFor();
    assert.equal(await page.locator('.words').count(), 4);
    assert.deepEqual(complaints, []);

    // What cannot be loaded is asked for again, though nothing new is said.
    await page.evaluate(() => window.Intercom('onUnreadCountChange', (count) => (window.count = count)));
    await call(page, 'hide');
    await reply(id, 'The last');
    await within(5000, () => page.evaluate(() => window.count === 1));
    await page.route('**/messenger/web/conversation', (route) => route.abort(), { times: 1 });
    await call(page, 'show');
    await page.getByText('The last').waitFor();
    await within(5000, () => page.evaluate(() => window.count === 0));
  },
  { headers: strict },
);

// Without a stream it asks again and again: where one is cut, and where something on the way keeps it back.
for (const cut of [(route) => route.abort(), (route) => pause(30000).then(() => route.abort().catch(() => {}))]) {
  await inBrowser(async ({ page, context, site, requests }) => {
    site.pages['/'] = snippet({});
    await context.route('**/messenger/web/live', cut);
    await page.goto(site.url);
    await arrived(page);
    await call(page, 'startConversation', 'Without a stream');
    const { id, source } = await within(5000, () => latest('Without a stream'));
    await reply(id, 'By asking');
    await page.getByText('By asking').waitFor({ timeout: 60000 });
    assert(asked(requests, 'conversations') > 0);
    // A message that is taken back is no longer shown, and the next round finds its own.
    await rest('POST', '/conversations/redact', { type: 'source', conversation_id: id, source_id: source.id });
    await call(page, 'showConversation', id);
    await page.getByText('This message was deleted').waitFor();
  });
}

// Users have their own, and nobody sees it after them.
await inBrowser(async ({ page, site }) => {
  const user_hash = createHmac('sha256', secret).update('thread-user').digest('hex');
  const as = { user_id: 'thread-user', user_hash };
  site.pages['/'] = snippet({});
  site.pages['/mine'] = snippet(as);
  await page.goto(site.url + '/mine');
  await within(5000, async () => (await rest('POST', '/contacts/search', { query: { field: 'external_id', operator: '=', value: 'thread-user' } })).data?.length);
  await call(page, 'showNewMessage');
  const { id } = await write(page, 'Between us');
  await reply(id, 'Only for the user');
  await page.getByText('Only for the user').waitFor();

  // A message of an admin comes by itself and counts; the first answer makes a conversation of it.
  await call(page, 'showMessages');
  await page.evaluate(() => window.Intercom('onUnreadCountChange', (count) => (window.unread = count)));
  const [user] = (await rest('POST', '/contacts/search', { query: { field: 'external_id', operator: '=', value: 'thread-user' } })).data;
  const message = await rest('POST', '/messages', {
    message_type: 'inapp', body: '<p>Some <b>news</b></p>', from: { type: 'admin', id: admin }, to: { type: 'user', id: user.id },
  });
  const row = page.getByRole('button', { name: 'Some news' });
  await row.waitFor();
  await within(5000, () => page.evaluate(() => window.unread === 1));
  await row.click();
  await within(5000, () => page.evaluate(() => window.unread === 0));
  await type(page, 'Which news?');
  const begun = await within(5000, () => latest('Some <b>news'));
  assert.equal(begun.source.id, message.id);
  await reply(begun.id, 'Good news');
  await page.getByText('Good news').waitFor();
  assert.equal(await page.locator('.words').count(), 3);
  await call(page, 'shutdown');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.goto(site.url + '/');
  await arrived(page);
  await call(page, 'show');
  await page.getByText('There are no conversations yet.').waitFor();
  await page.goto(site.url + '/mine');
  await call(page, 'showConversation', id);
  await page.getByText('Only for the user').waitFor();
  // Whoever signs in while a page is open sees what is theirs from then on.
  await call(page, 'shutdown');
  await page.goto(site.url + '/');
  await arrived(page);
  await call(page, 'show');
  await page.getByText('There are no conversations yet.').waitFor();
  await call(page, 'update', as);
  await page.getByRole('button', { name: 'Only for the user' }).waitFor();
});

// Whatever anybody writes stays a text.
await rest('PUT', '/lobby/v1/settings', { first_reply: 'Welcome ' + evil });
await inBrowser(async ({ page, context, site }) => {
  site.pages['/'] = snippet({});
  await page.goto(site.url);
  await arrived(page);
  await page.evaluate((evil) => (window.intercomSettings.messenger = { title: evil, you: evil, start: evil, failed: evil }), evil);
  await call(page, 'update', { name: evil });
  await call(page, 'showNewMessage', 'Attack ' + evil);
  await page.getByLabel('Your message').waitFor();
  await page.getByLabel('Your message').press('Enter');
  const { id } = await within(5000, () => latest('Attack'));
  await page.getByText('Welcome ' + evil).waitFor();
  const other = await rest('POST', '/contacts', { role: 'user', external_id: 'evil-name', name: evil });
  await rest('POST', `/conversations/${id}/customers`, { admin_id: admin, customer: { intercom_user_id: other.id } });
  await rest('POST', `/conversations/${id}/reply`, { message_type: 'comment', type: 'user', intercom_user_id: other.id, body: 'By the other ' + evil });
  await reply(id, `<p>By the admin ${evil}<a href="javascript:window.hacked=1">bad</a><svg onload="window.hacked=1"></svg></p>`, {
    attachment_files: [{ content_type: 'text/html', name: evil + '.html', data: 'PHNjcmlwdD4=' }],
  });
  await page.getByText('By the admin').waitFor();
  await page.getByText('By the other ' + evil).waitFor();
  // Even if the server's own cleaning failed.
  const hostile = `<p onclick="window.hacked=1">hostile<img src="x" onerror="window.hacked=1" alt="picture"><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>` +
    `<a href="javascript:window.hacked=1">bad link</a><a href="https://ok.example/" onmouseover="window.hacked=1">good link</a><script>window.hacked=1</script>` +
    `<style>*{display:none}</style><svg><animate onbegin="window.hacked=1" attributeName="x" dur="1s"></svg></p></div></p>`;
  await context.route('**/messenger/web/conversation', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    answer.parts.push({ id: '999999', author: { type: 'admin', name: evil, me: false }, body: hostile, created_at: 1, attachments: [{ name: 'file', url: 'javascript:window.hacked=1' }] });
    await route.fulfill({ response, json: answer });
  });
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'By the admin' }).click();
  await page.getByText('good link').waitFor();
  for (const each of await page.getByText(/bad link|file|hostile/).all()) await each.click({ force: true }).catch(() => {});
  await pause(300);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  const inside = await page.evaluate(() => [...document.querySelector('body > div').shadowRoot.querySelectorAll('img,script,iframe,svg,style,[onclick],[onerror]')].length);
  assert.equal(inside, 0);
  const addresses = await page.locator('.text a[href]').evaluateAll((all) => all.map((a) => a.href));
  assert(addresses.every((address) => /^https?:/.test(address)), addresses.join());
});
await rest('PUT', '/lobby/v1/settings', { first_reply: null });

// Keyboard, screen reader, colours, directions, and the width of a phone.
await inBrowser(async ({ page, site }) => {
  const body = `<html lang="en"><title>Shop</title><main><h1>Shop</h1><button id="help" onclick="Intercom('showMessages')">Help</button></main>`;
  site.pages['/'] = snippet({}) + body;
  site.pages['/rtl'] = (snippet({}) + body).replace('<html', '<html dir="rtl"');
  await page.goto(site.url);
  await arrived(page);
  const focused = () => page.evaluate(() => {
    const inner = document.activeElement.shadowRoot && document.activeElement.shadowRoot.activeElement;
    const at = inner || document.activeElement;
    return at.ariaLabel || at.textContent;
  });
  await page.locator('#help').focus();
  await page.keyboard.press('Enter');
  await page.getByText('There are no conversations yet.').waitFor();
  assert.equal(await focused(), 'Messages');
  await accessible(page);
  await page.keyboard.press('Tab'); // close
  assert.equal(await focused(), 'Close');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'New conversation');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'Your message');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('only');
  await page.keyboard.press('Enter');
  const { id } = await within(5000, () => latest('By keyboard'));
  await reply(id, '<h2>Heading</h2><ul><li>One</li></ul><p>Text <code>code</code> <a href="https://docs.example/">link</a></p><pre>x</pre><table><tr><td>1</td></tr></table>');
  await page.getByText('Heading').waitFor();
  assert.equal(await page.getByRole('log').getByText('By keyboard').count(), 1);
  assert.equal(await page.getByRole('dialog', { name: 'New conversation' }).count(), 1);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await accessible(page);
  }
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(), 'Help', 'the focus is where it was');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Heading One Text' }).waitFor();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await accessible(page);
  }
  const wide = await page.locator('dialog').boundingBox();
  assert(wide.x > 600, 'at the end of a line');

  // From right to left.
  await page.goto(site.url + '/rtl');
  await page.locator('#help').click();
  await page.getByRole('button', { name: 'Heading One Text' }).click();
  await page.getByText('Heading').waitFor();
  assert((await page.locator('dialog').boundingBox()).x < 100);
  await accessible(page);
  await page.keyboard.press('Escape');

  // A phone: all of the window, and the focus stays within.
  await page.setViewportSize({ width: 360, height: 640 });
  await page.locator('#help').click();
  await page.getByRole('button', { name: 'Heading One Text' }).click();
  await page.getByText('Heading').waitFor();
  const { x, y, width, height } = await page.locator('dialog').boundingBox();
  assert.deepEqual([x, y, width, height], [0, 0, 360, 640]);
  await accessible(page);
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    assert(await page.evaluate(() => document.activeElement.id !== 'help'), 'the page behind gets the focus');
  }
  await page.getByLabel('Your message').focus();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
});

// What cannot be sent can be sent again, and is written once.
await inBrowser(async ({ page, context, site }) => {
  site.pages['/'] = snippet({});
  await page.goto(site.url);
  await arrived(page);
  await call(page, 'showNewMessage');
  let lost = 0;
  await context.route('**/messenger/web/reply', async (route) => {
    if (lost++) return route.continue();
    await route.fetch(); // it is written, and the answer is lost
    await route.abort();
  });
  await write(page, 'Said once');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Try again' }).waitFor({ state: 'detached' });
  await within(5000, async () => (await page.locator('.words').count()) === 1);
  const { conversations } = await rest('GET', '/conversations?per_page=50');
  assert.equal(conversations.filter(({ source }) => source.body.includes('Said once')).length, 1);
  assert.equal((await rest('GET', '/conversations/' + conversations.find(({ source }) => source.body.includes('Said once')).id)).conversation_parts.total_count, 0);
});

await rest('PUT', '/lobby/v1/settings', { messenger: false });
