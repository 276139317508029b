// intercom-client 2.11: no version, Basic, updates by POST; promises resolve to the whole response.
import assert from "node:assert/strict";
import { Client } from "intercom-client";
import { atOnce, known, learnt, missing, newUser, visitors } from "../cast.mjs";
import { shows, step, token, unauthorized, url, wrongToken } from "../story.mjs";

const connect = (token) => new Client({ token }).usePromises().useRequestOpts({ baseUrl: url });
const client = connect(token);
const { reader, customer, returning, lead, silentLead, leaver, busy } = visitors;

await step("finds a visitor by user_id", async () => {
  const { body } = await client.visitors.find({ user_id: reader.user_id });
  assert.deepEqual(body, reader);
});

await step("finds a visitor by id", async () => {
  const { body } = await client.visitors.find({ id: reader.id });
  assert.deepEqual(body, reader);
});

await step("updates a visitor by user_id", async () => {
  const { body } = await client.visitors.update({ user_id: reader.user_id, name: "Gareth", custom_attributes: learnt });
  shows(body, { type: "visitor", id: reader.id, name: "Gareth", custom_attributes: known });
});

await step("updates a visitor by id", async () => {
  const { body } = await client.visitors.update({ id: reader.id, name: "Gareth Bale" });
  shows(body, { type: "visitor", user_id: reader.user_id, name: "Gareth Bale", custom_attributes: known });
});

await step("is told that a visitor is missing", async () => {
  const nobody = { user_id: "nobody-at-all" };
  await missing(client.visitors.find(nobody));
  await missing(client.visitors.find({ id: "nobody-at-all" }));
  await missing(client.visitors.update({ ...nobody, name: "Nobody" }));
  await missing(client.visitors.delete({ id: "nobody-at-all" }));
  await missing(client.visitors.convert({ visitor: nobody, user: { email: "nobody@example.com" }, type: "user" }));
});

await step("converts a visitor to a new user by email, and finds it as a contact", async () => {
  const order = { visitor: { user_id: reader.user_id }, user: { email: newUser.email }, type: "user" };
  const { body: contact } = await client.visitors.convert(order);
  shows(contact, { type: "contact", id: reader.id, role: "user", external_id: null, email: newUser.email });
  shows(contact, { name: "Gareth Bale", custom_attributes: known });
  assert.deepEqual((await client.contacts.find({ id: reader.id })).body, contact);
  assert.deepEqual((await client.visitors.convert(order)).body, contact, "the same order again");
});

await step("no longer finds the visitor that became a user", async () => {
  await missing(client.visitors.find({ user_id: reader.user_id }));
  await missing(client.visitors.find({ id: reader.id }));
});

await step("converts a visitor to a new user by user_id", async () => {
  const order = { visitor: { id: customer.id }, user: { user_id: newUser.user_id }, type: "user" };
  const { body } = await client.visitors.convert(order);
  shows(body, { type: "contact", id: customer.id, role: "user", external_id: newUser.user_id });
});

await step("merges a visitor into that user", async () => {
  const order = { visitor: { user_id: returning.user_id }, user: { id: customer.id }, type: "user" };
  const { body } = await client.visitors.convert(order);
  shows(body, { type: "contact", id: customer.id, role: "user", external_id: newUser.user_id });
  await missing(client.visitors.find({ user_id: returning.user_id }));
});

await step("converts visitors to leads, with a user of {} and without any", async () => {
  const { body: first } = await client.visitors.convert({ visitor: { user_id: lead.user_id }, user: {}, type: "lead" });
  shows(first, { type: "contact", id: lead.id, role: "lead", external_id: lead.user_id });
  const { body: second } = await client.visitors.convert({ visitor: { user_id: silentLead.user_id }, type: "lead" });
  shows(second, { type: "contact", id: silentLead.id, role: "lead", external_id: silentLead.user_id });
});

await step("deletes a visitor", async () => {
  const { body } = await client.visitors.delete({ id: leaver.id });
  shows(body, { type: "visitor", id: leaver.id, user_id: leaver.user_id });
  await missing(client.visitors.find({ id: leaver.id }));
});

await step("finds, updates and converts one visitor many times at once", async () => {
  const responses = await atOnce(
    () => client.visitors.find({ user_id: busy.user_id }),
    () => client.visitors.update({ user_id: busy.user_id, name: "Luka" }),
  );
  for (const { body } of responses) shows(body, { type: "visitor", id: busy.id });

  const order = { visitor: { user_id: busy.user_id }, user: { email: `${busy.user_id}@example.com` }, type: "user" };
  const conversions = await atOnce(() => client.visitors.convert(order));
  for (const { body } of conversions) assert.deepEqual(body, conversions[0].body);
});

await step("is told that a token is wrong", async () => {
  const { visitors } = connect(wrongToken);
  const visitor = { user_id: leaver.user_id };
  await unauthorized(visitors.find(visitor));
  await unauthorized(visitors.update({ ...visitor, name: "Mallory" }));
  await unauthorized(visitors.convert({ visitor, type: "lead" }));
});
