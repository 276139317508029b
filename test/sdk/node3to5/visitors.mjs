// intercom-client 3, 4 and 5: no version, Basic, camel case going out; promises resolve to the body.
import assert from "node:assert/strict";
import { atOnce, known, learnt, missing, newUser, visitors } from "../cast.mjs";
import { shows, step, token, unauthorized, url, wrongToken } from "../story.mjs";

export async function tell({ Client }) {
  const connect = (token) => new Client({ tokenAuth: { token } }).useRequestOpts({ baseURL: url });
  const client = connect(token);
  const { reader, customer, returning, lead, leaver, busy } = visitors;

  await step("finds a visitor by user_id", async () => {
    assert.deepEqual(await client.visitors.find({ userId: reader.user_id }), reader);
  });

  await step("finds a visitor by id", async () => {
    assert.deepEqual(await client.visitors.find({ id: reader.id }), reader);
  });

  await step("updates a visitor by user_id", async () => {
    const userId = reader.user_id;
    const updated = await client.visitors.update({ userId, name: "Gareth", customAttributes: learnt });
    shows(updated, { type: "visitor", id: reader.id, name: "Gareth", custom_attributes: known });
  });

  await step("updates a visitor by id", async () => {
    const updated = await client.visitors.update({ id: reader.id, name: "Gareth Bale" });
    shows(updated, { type: "visitor", user_id: reader.user_id, name: "Gareth Bale", custom_attributes: known });
  });

  await step("is told that a visitor is missing", async () => {
    const nobody = { userId: "nobody-at-all" };
    await missing(client.visitors.find(nobody));
    await missing(client.visitors.find({ id: "nobody-at-all" }));
    await missing(client.visitors.update({ ...nobody, name: "Nobody" }));
    await missing(client.visitors.delete({ id: "nobody-at-all" }));
    const order = { visitor: nobody, user: { email: "nobody@example.com" }, type: "user" };
    await missing(client.visitors.mergeToContact(order));
  });

  await step("converts a visitor to a new user by email, and finds it as a contact", async () => {
    const order = { visitor: { userId: reader.user_id }, user: { email: newUser.email }, type: "user" };
    const contact = await client.visitors.mergeToContact(order);
    shows(contact, { type: "contact", id: reader.id, role: "user", external_id: null, email: newUser.email });
    shows(contact, { name: "Gareth Bale", custom_attributes: known });
    assert.deepEqual(await client.contacts.find({ id: reader.id }), contact);
    assert.deepEqual(await client.visitors.mergeToContact(order), contact, "the same order again");
  });

  await step("no longer finds the visitor that became a user", async () => {
    await missing(client.visitors.find({ userId: reader.user_id }));
    await missing(client.visitors.find({ id: reader.id }));
  });

  await step("converts a visitor to a new user by user_id", async () => {
    const order = { visitor: { id: customer.id }, user: { userId: newUser.user_id }, type: "user" };
    const contact = await client.visitors.mergeToContact(order);
    shows(contact, { type: "contact", id: customer.id, role: "user", external_id: newUser.user_id });
  });

  await step("merges a visitor into that user", async () => {
    const order = { visitor: { userId: returning.user_id }, user: { id: customer.id }, type: "user" };
    const contact = await client.visitors.mergeToContact(order);
    shows(contact, { type: "contact", id: customer.id, role: "user", external_id: newUser.user_id });
    await missing(client.visitors.find({ userId: returning.user_id }));
  });

  await step("converts a visitor to a lead, with a user of {}", async () => {
    const contact = await client.visitors.mergeToContact({ visitor: { userId: lead.user_id }, user: {}, type: "lead" });
    shows(contact, { type: "contact", id: lead.id, role: "lead", external_id: lead.user_id });
  });

  await step("deletes a visitor", async () => {
    const deleted = await client.visitors.delete({ id: leaver.id });
    shows(deleted, { type: "visitor", id: leaver.id, user_id: leaver.user_id });
    await missing(client.visitors.find({ id: leaver.id }));
  });

  await step("finds, updates and converts one visitor many times at once", async () => {
    const answers = await atOnce(
      () => client.visitors.find({ userId: busy.user_id }),
      () => client.visitors.update({ userId: busy.user_id, name: "Luka" }),
    );
    for (const visitor of answers) shows(visitor, { type: "visitor", id: busy.id });

    const order = { visitor: { userId: busy.user_id }, user: { email: `${busy.user_id}@example.com` }, type: "user" };
    const contacts = await atOnce(() => client.visitors.mergeToContact(order));
    for (const contact of contacts) assert.deepEqual(contact, contacts[0]);
  });

  await step("is told that a token is wrong", async () => {
    const { visitors } = connect(wrongToken);
    const visitor = { userId: leaver.user_id };
    await unauthorized(visitors.find(visitor));
    await unauthorized(visitors.update({ ...visitor, name: "Mallory" }));
    await unauthorized(visitors.mergeToContact({ visitor, user: {}, type: "lead" }));
  });
}
