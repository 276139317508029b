// Pictures of the main pages for the documents, of a workspace with a few invented people. make screenshots calls it.
import { at } from './admin.mjs';
import { app, inBrowser, lobby, rest, token, within } from './browser.mjs';

const folder = process.env.LOBBY_SCREENSHOTS;
const now = Math.floor(Date.now() / 1000);
const day = 86400;
const [width, height] = [1180, 740];
const headers = { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' };

for (const [name, data_type] of [['plan', 'string'], ['seats', 'integer'], ['newsletter', 'boolean']]) await rest('POST', '/data_attributes', { name, model: 'contact', data_type });
const names = ['Ada Lovelace', 'Grace Hopper', 'Marie Curie', 'Hugo Grotius', 'Emmy Noether', 'Carl Gauss', 'Lise Meitner', 'Niels Bohr', 'Rosalind Franklin', 'Alan Turing', 'Mary Anning'];
const people = [];
for (const [n, name] of names.entries()) {
  const role = n % 4 === 3 ? 'lead' : 'user';
  people.push(await rest('POST', '/contacts', {
    role, name, email: name.toLowerCase().replace(' ', '@') + '.example', external_id: role === 'user' ? `customer-${n + 1}` : undefined, phone: n % 3 ? undefined : `+4930${n}123456`,
    last_seen_at: now - n * n * 5000, signed_up_at: role === 'user' ? now - (n + 9) * day : undefined, custom_attributes: { plan: ['pro', 'team', 'free'][n % 3], seats: (n * 7) % 40 + 1 },
  }));
}
const [, grace, , hugo] = people;
const home = await rest('POST', '/contacts', { role: 'lead', name: 'Grace at home', email: 'grace@home.example', phone: '+4930777000', custom_attributes: { plan: 'pro', newsletter: true } });
await rest('POST', '/tags', { name: 'VIP', users: [people[0], grace, people[4]].map(({ id }) => ({ id })) });
await rest('POST', '/tags', { name: 'Beta', users: [{ id: grace.id }] });
await rest('POST', '/companies', { company_id: 'navy', name: 'The Navy' }).then(({ id }) => rest('POST', `/contacts/${grace.id}/companies`, { id }));
await rest('POST', `/contacts/${grace.id}/notes`, { body: 'Prefers to be called in the afternoon.', admin_id: '1' });
for (const [n, event_name] of ['signed-up', 'ordered', 'invited-a-colleague', 'ordered'].entries()) {
  const event = { event_name, id: grace.id, created_at: now - (4 - n) * day, metadata: event_name === 'ordered' ? { article: 'compiler', price: 120 * n } : undefined };
  await fetch(lobby + '/events', { method: 'POST', headers, body: JSON.stringify(event) });
}
const merged = await rest('POST', '/contacts', { role: 'lead', name: 'G. H.', phone: '+4930111222' });
await rest('POST', '/contacts/merge', { from: merged.id, into: grace.id });

const begin = async (who, body) => (await rest('POST', '/conversations', { from: { type: 'contact', id: who.id }, body })).conversation_id;
const say = (id, part) => rest('POST', `/conversations/${id}/reply`, part);
for (const [who, body] of [[people[2], 'Do you ship to Warsaw?'], [people[5], 'The invoice has the wrong number of seats.'], [people[8], 'Can I have the picture number 51 back?'], [people[9], 'Is this decidable?']]) await begin(who, body);
const talk = await begin(hugo, 'Is the sea free?');
await say(talk, { message_type: 'comment', type: 'admin', admin_id: '1', body: 'It is, by the law of nations. Which route do you take?' });
await say(talk, { message_type: 'note', type: 'admin', admin_id: '1', body: 'He writes a book about this.' });
await say(talk, { message_type: 'comment', type: 'user', intercom_user_id: hugo.id, body: 'To the east. And the air above it?' });

// Visits, as pages tell of them.
const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const shop = 'https://shop.example';
for (let n = 0; n < 14; n++) {
  const id = `00000000-0000-4000-8000-0000000000${10 + n}`;
  const from = ['https://search.example/', 'https://news.example/today', ''][n % 3];
  const deeds = JSON.stringify([{ n: 1, url: `${shop}/${['', 'tea', 'cups?utm_source=letter', 'prices'][n % 4]}`, title: ['Shop', 'Tea', 'Cups', 'Prices'][n % 4], referrer: from }]);
  const body = new URLSearchParams({ app_id: app, s: id, user_data: JSON.stringify({ anonymous_id: id }), deeds, r: from, referer: shop });
  await fetch(lobby + '/messenger/web/ping', { method: 'POST', body, headers: { 'User-Agent': agent, 'Accept-Language': 'de' } });
}

await inBrowser(async ({ page }) => {
  await page.goto(process.env.LOBBY_SETUP);
  await page.fill('#name', 'Ada');
  await page.fill('#email', 'ada@shop.example');
  await page.fill('#password', 'a sentence for a door');
  await page.keyboard.press('Enter');
  await page.waitForURL(at('people'));
  await within(5000, async () => (await fetch(lobby + '/lobby/v1/people/00000000-0000-4000-8000-000000000023', { headers })).status === 200);
  const list = encodeURIComponent('?role=user&tag=1');
  for (const [name, path] of Object.entries({
    people: 'people?sort=name&order=up&c=email&c=last_seen_at&c=custom_attributes.plan&c=custom_attributes.seats',
    person: `people/${grace.id}`,
    merge: `people/${home.id}/identity?to=merge&into=customer-2`,
    bulk: `bulk?act=archive&whom=all&list=${list}`,
    conversations: 'conversations',
    conversation: `conversations/${talk}`,
    live: 'live',
    overview: 'overview',
  })) {
    await page.goto(at(path));
    const bottom = await page.evaluate(() => document.querySelector('main').getBoundingClientRect().bottom);
    await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', clip: { x: 0, y: 0, width, height: Math.min(height, bottom) } });
  }
}, { viewport: { width, height }, colorScheme: 'light', timezoneId: 'UTC', locale: 'en-GB' });
