// The strictest policy that a site can have lets the script work, and the form that a workspace may have.
import assert from 'node:assert/strict';
import { app, arrived, call, configure, inBrowser, lobby, readVisitor, rest, snippet, within } from './browser.mjs';

const nonce = 'bm9uY2U';
const form = { title: 'Shall we write to you?', label: 'Your email', button: 'Send', thanks: 'Thank you.' };
const policy =
  `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; connect-src ${lobby}; base-uri 'none'; form-action 'none'`;

const strict = (html) => html.replaceAll('<script', `<script nonce="${nonce}"`);

const story = (html) => async ({ page, context, site, requests }) => {
  const complaints = [];
  page.on('console', (message) => /policy/i.test(message.text()) && complaints.push(message.text()));
  await configure(context, { form: {} });
  site.pages['/'] = strict(html);
  await page.goto(site.url);
  const visitor = await arrived(page, 1000);
  assert.deepEqual(visitor.custom_attributes, { plan: 'strict' });

  // The form comes when it is asked for, and only then.
  assert(!requests.some((request) => request.url().endsWith('/form.js')));
  await page.evaluate(() => {
    window.told = [];
    for (const name of ['onShow', 'onHide', 'onUserEmailSupplied']) window.Intercom(name, () => window.told.push(name));
    window.Intercom('show');
    window.Intercom('showNewMessage', 'hello');
  });
  const field = page.getByLabel(form.label);
  await field.waitFor();
  assert.equal(await page.locator('dialog').count(), 1);
  const box = await page.locator('dialog').boundingBox();
  assert(box.width === 300 && box.x > 300, 'its style is applied');

  // It can be left again, by the keyboard too, and takes an address only.
  await field.press('Escape');
  await field.waitFor({ state: 'detached' });
  await call(page, 'show');
  await field.fill('no address');
  await field.press('Enter');
  assert.equal(await page.getByText(form.thanks).count(), 0);
  await field.fill('ada@example.com');
  await field.press('Enter');
  await page.getByText(form.thanks).waitFor();
  await within(5000, async () => (await readVisitor(visitor.user_id)).status === 404);
  const contact = async () => rest('GET', '/contacts/' + visitor.id);
  const lead = await contact();
  assert.deepEqual([lead.role, lead.email], ['lead', 'ada@example.com']);
  await call(page, 'hide');
  await within(5000, () => page.evaluate(() => window.told.length === 5));
  assert.deepEqual(await page.evaluate(() => window.told), ['onShow', 'onHide', 'onShow', 'onUserEmailSupplied', 'onHide']);

  // The lead is still who this browser is.
  await call(page, 'update', { plan: 'lead' });
  await within(5000, async () => (await contact()).custom_attributes.plan === 'lead');
  assert.equal(await call(page, 'getVisitorId'), visitor.user_id);

  assert.deepEqual(complaints, []);
};

const settings = { plan: 'strict', email_form: form };
await inBrowser(story(snippet(settings)), { headers: { 'Content-Security-Policy': policy } });

// A site may name hosts instead.
const hosts = `default-src 'none'; script-src ${lobby} 'nonce-${nonce}'; connect-src ${lobby}`;
await inBrowser(story(snippet(settings)), { headers: { 'Content-Security-Policy': hosts } });

// Or trust nothing but the tags of its own pages.
const tags = `<!doctype html><script>window.intercomSettings = ${JSON.stringify({ app_id: app, ...settings })}</script>
  <script async src="${lobby}/widget/${app}"></script>`;
const alone = `default-src 'none'; script-src 'nonce-${nonce}'; connect-src ${lobby}`;
await inBrowser(story(tags), { headers: { 'Content-Security-Policy': alone } });

// A workspace without a form has none to show.
await inBrowser(async ({ page, site, requests }) => {
  site.pages['/'] = snippet({});
  await page.goto(site.url);
  await arrived(page);
  for (const method of ['show', 'showMessages', 'showNewMessage', 'startConversation', 'hide']) await call(page, method);
  assert.equal(await page.locator('dialog').count(), 0);
  assert(!requests.some((request) => request.url().endsWith('/form.js')));
});
