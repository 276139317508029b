// intercom-client 2.11, whose calls by name are those of API 1: what fits is called so, all else by method and path.
import assert from "node:assert/strict";
import { Client } from "intercom-client";
import { gather, make, met, nobody, now, unknownCompany, unknownResource, unknownUser } from "../crowd.mjs";
import { refused, shows, step, token, url } from "../story.mjs";

const client = new Client({ token }).usePromises().useRequestOpts({ baseUrl: url });
const names = (list) => list.map(({ name }) => name);
const idsOf = (list) => list.map(({ id }) => id);

// bodyOf leaves the rest of the response aside.
const bodyOf = async (call) => (await call).body;
const create = (contact) => bodyOf(client.contacts.create(contact));

const crowd = await gather(async (name) => (await create({ external_id: name, name })).id);

// walk turns the pages for as long as there is a cursor.
async function walk(turn) {
  const ids = [];
  let starting_after;
  do {
    const { data, pages } = await bodyOf(turn(starting_after));
    ids.push(...idsOf(data));
    starting_after = pages.next?.starting_after;
  } while (starting_after);
  return ids;
}

await step("lists and searches everybody once", async () => {
  met(await walk((starting_after) => client.contacts.listBy({ per_page: 17, starting_after })), crowd);
  const query = { field: "name", operator: "^", value: "guest" };
  const search = (starting_after) => client.post("/contacts/search", { query, pagination: { per_page: 25, starting_after } });
  met(await walk(search), crowd);
  assert.equal((await bodyOf(client.contacts.list())).data.length, 50);
});

const ada = await create({ email: "ada@example.com", name: "Ada" });
const contact = `/contacts/${ada.id}`;

await step("creates a contact once, finds and updates it", async () => {
  shows(ada, { type: "contact", role: "user", email: "ada@example.com", name: "Ada" });
  const message = `A contact matching those details already exists with id=${ada.id}`;
  await refused(client.contacts.create({ email: "ada@example.com" }), 409, "conflict", message);
  assert.deepEqual(await bodyOf(client.contacts.find({ id: ada.id })), ada);
  const updated = await bodyOf(client.put(contact, { external_id: "ada-1", phone: "+353 1 234 5678" }));
  shows(updated, { id: ada.id, name: "Ada", external_id: "ada-1", phone: "+353 1 234 5678" });
  await unknownUser(client.contacts.find({ id: nobody }));
  await unknownUser(client.contacts.delete({ id: nobody }));
});

await step("is told that the calls of API 1 are no more", async () => {
  const { users, customers, contacts } = client;
  const old = [
    () => users.list(),
    () => users.create({ email: "ada@example.com" }),
    () => customers.search({}),
    () => contacts.convert({ contact: { user_id: "ada-1" }, user: { email: "ada@example.com" } }),
  ];
  for (const call of old) {
    await assert.rejects(call, ({ statusCode, body }) => [404, 405].includes(statusCode) && body.type === "error.list");
  }
});

await step("counts, as in API 1", async () => {
  const { type, user, company } = await bodyOf(client.counts.appCounts());
  assert.deepEqual({ type, user: user.count > 0, company: company.count >= 0 }, { type: "count.hash", user: true, company: true });
  shows(await bodyOf(client.counts.conversationCounts()), { type: "count", conversation: { assigned: 0, closed: 0, open: 0, unassigned: 0 } });
});

await step("merges a lead into a user", async () => {
  const lead = await create({ role: "lead", name: "A. L." });
  const merged = await bodyOf(client.post("/contacts/merge", { from: lead.id, into: ada.id }));
  shows(merged, { type: "contact", id: ada.id, name: "Ada" });
  await unknownUser(client.contacts.find({ id: lead.id }));
});

await step("archives, unarchives and deletes a contact", async () => {
  const { id } = await create({ external_id: "leaver-1" });
  shows(await bodyOf(client.post(`/contacts/${id}/archive`, {})), { id, object: "contact", archived: true });
  await unknownUser(client.contacts.find({ id }));
  shows(await bodyOf(client.post(`/contacts/${id}/unarchive`)), { id, object: "contact", archived: false });
  shows(await bodyOf(client.contacts.delete({ id })), { id, object: "contact", deleted: true });
  await unknownUser(client.contacts.find({ id }));
});

await step("tags users and takes tags off them by their addresses", async () => {
  const users = () => [{ email: "ada@example.com" }, { id: crowd[0] }];
  const tag = await bodyOf(client.tags.tag({ name: "VIP", users: users() }));
  shows(tag, { type: "tag", name: "VIP" });
  assert.deepEqual(names((await bodyOf(client.get(`${contact}/tags`))).data), ["VIP"]);
  assert.deepEqual(names((await bodyOf(client.tags.list())).data), ["VIP"]);
  assert.deepEqual(await bodyOf(client.tags.untag({ name: "VIP", users: users() })), tag);
  assert.deepEqual((await bodyOf(client.get(`${contact}/tags`))).data, []);
  assert.deepEqual(await bodyOf(client.post(`${contact}/tags`, { id: tag.id })).then(({ id }) => id), tag.id);
  const { statusCode, body } = await client.tags.delete({ id: tag.id });
  assert.deepEqual({ statusCode, body }, { statusCode: 200, body: undefined });
  await unknownResource(client.tags.delete({ id: tag.id }));
});

await step("writes notes, and turns their pages by links", async () => {
  const write = (body) => bodyOf(client.post(`${contact}/notes`, { body }));
  const written = [await write("Asked for a quote"), await write("Called")];
  assert.deepEqual(await bodyOf(client.notes.find({ id: written[0].id })), written[0]);
  const first = await bodyOf(client.get(`${contact}/notes`, { per_page: 1 }));
  const second = await bodyOf(client.nextPage(first.pages));
  assert.deepEqual([...idsOf(first.data), ...idsOf(second.data)], idsOf(written.reverse()));
  assert.equal(second.pages.next, null);
});

await step("creates, updates and finds a company", async () => {
  const company_id = "acme-1";
  const { id } = await bodyOf(client.companies.create({ company_id, name: "Acme", plan: "Pro" }));
  const acme = await bodyOf(client.companies.update({ company_id, name: "Acme Inc." }));
  shows(acme, { type: "company", id, company_id, name: "Acme Inc." });
  for (const key of [{ id }, { company_id }, { name: "Acme Inc." }]) {
    assert.deepEqual(await bodyOf(client.companies.find(key)), acme);
  }
  await unknownCompany(client.companies.find({ company_id: "nope" }));
});

await step("attaches a contact to companies, lists them by pages and by scroll, detaches and deletes", async () => {
  const all = [];
  for (const company_id of ["acme-1", "base-1", "core-1"]) {
    const { id } = await bodyOf(client.companies.create({ company_id }));
    shows(await bodyOf(client.post(`${contact}/companies`, { id })), { id, user_count: 1 });
    all.push(id);
  }
  const first = await bodyOf(client.companies.listBy({ per_page: 2 }));
  const second = await bodyOf(client.nextPage(first.pages));
  met(idsOf([...first.data, ...second.data]), all);
  assert.equal(second.pages.next, null);
  const { data, scroll_param } = await bodyOf(client.get("/companies/scroll"));
  met(idsOf(data), all);
  assert.deepEqual((await bodyOf(client.get("/companies/scroll", { scroll_param }))).data, []);
  met(idsOf((await bodyOf(client.get(`${contact}/companies`))).companies), all);
  shows(await bodyOf(client.delete(`${contact}/companies/${all[0]}`)), { id: all[0], user_count: 0 });
  shows(await bodyOf(client.delete(`/companies/${all[0]}`)), { id: all[0], object: "company", deleted: true });
  await unknownCompany(client.companies.find({ id: all[0] }));
});

await step("tells of events, and lists and counts them", async () => {
  const user_id = "ada-1";
  const { statusCode, body } = await client.events.create({ event_name: "placed-order", created_at: now(), user_id });
  assert.deepEqual({ statusCode, body }, { statusCode: 202, body: undefined });
  const { events } = await bodyOf(client.events.listBy({ type: "user", user_id }));
  assert.deepEqual(events.map(({ event_name }) => event_name), ["placed-order"]);
  const summary = await bodyOf(client.events.listBy({ type: "user", user_id, summary: true }));
  shows(summary.events[0], { name: "placed-order", count: 1 });
  await unknownUser(client.events.create({ event_name: "placed-order", created_at: now(), user_id: "nobody" }));
});

await step("finds admins, segments, teams, attributes and subscription types", async () => {
  const me = await bodyOf(client.admins.me());
  assert.deepEqual(idsOf((await bodyOf(client.admins.list())).admins), [me.id]);
  shows(await bodyOf(client.admins.find(me.id)), { type: "admin", id: me.id });
  const away = { away_mode_enabled: true, away_mode_reassign: false };
  shows(await bodyOf(client.admins.away(me.id, away)), { id: me.id, ...away });
  const { id } = (await bodyOf(client.segments.list())).segments[0];
  shows(await bodyOf(client.segments.find({ id })), { type: "segment", id });
  await unknownResource(client.segments.find({ id: nobody }));
  const team = await make("teams", { name: "Sales", admin_ids: [1] });
  assert.deepEqual(idsOf((await bodyOf(client.get("/teams"))).teams), [team.id]);
  const attribute = { name: "plan", model: "contact", data_type: "string" };
  shows(await bodyOf(client.post("/data_attributes", attribute)), attribute);
  const [type] = (await bodyOf(client.get("/subscription_types"))).data;
  const choice = { id: type.id, consent_type: type.consent_type };
  shows(await bodyOf(client.post(`${contact}/subscriptions`, choice)), { type: "subscription", id: type.id });
  met(idsOf((await bodyOf(client.get(`${contact}/subscriptions`))).data), [type.id]);
});

await step("talks: begins, answers, notes, snoozes, reads and lists", async () => {
  const { conversations } = client;
  const { conversation_id: id } = await bodyOf(client.post("/conversations", { from: { type: "user", user_id: "ada-1" }, body: "Hello" }));
  const [admin] = (await bodyOf(client.admins.list())).admins;
  const manage = (act) => bodyOf(conversations.reply({ id, type: "admin", admin_id: admin.id, ...act }));
  shows(await manage({ message_type: "comment", body: "Hi" }), { id, read: false, state: "open" });
  shows(await bodyOf(conversations.reply({ id, type: "user", user_id: "ada-1", message_type: "comment", body: "Thanks" })), { id, open: true });
  shows(await bodyOf(conversations.markAsRead({ id })), { id, read: true });
  const until = now() + 3600;
  shows(await manage({ message_type: "snoozed", snoozed_until: String(until) }), { state: "snoozed", snoozed_until: until });
  shows(await manage({ message_type: "close" }), { state: "closed", open: false });
  shows(await manage({ message_type: "open" }), { state: "open", open: true });
  shows(await manage({ message_type: "assignment", assignee_id: admin.id }), { admin_assignee_id: Number(admin.id) });
  const { conversation_parts } = await manage({ message_type: "note", body: "Important" });
  const types = conversation_parts.conversation_parts.map(({ part_type }) => part_type);
  assert.deepEqual(types, ["comment", "comment", "snoozed", "close", "open", "assignment", "note"]);
  assert.deepEqual(idsOf((await bodyOf(conversations.list({ type: "admin" }))).conversations), [id]);
  assert.equal((await bodyOf(conversations.find({ id, display_as: "plaintext" }))).source.body, "Hello");
  const query = { field: "state", operator: "=", value: "open" };
  assert.deepEqual(idsOf((await bodyOf(client.post("/conversations/search", { query }))).conversations), [id]);
  await unknownResource(conversations.find({ id: "999" }));
});

await step("writes to a user, whose answer begins a conversation", async () => {
  const [admin] = (await bodyOf(client.admins.list())).admins;
  const to = { type: "user", user_id: "ada-1" };
  const message = await bodyOf(client.messages.create({ message_type: "inapp", body: "News", from: { type: "admin", id: admin.id }, to }));
  shows(message, { type: "admin_message", message_type: "inapp", body: "<p>News</p>" });
  const answer = { type: "user", user_id: "ada-1", message_type: "comment", body: "Tell me more" };
  const begun = await bodyOf(client.conversations.reply({ id: "last", ...answer }));
  assert.equal(begun.source.id, message.id);
});
