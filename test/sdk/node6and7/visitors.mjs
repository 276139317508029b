// intercom-client 6 and 7: a version on every call, Bearer, errors of their own classes; promises resolve to the body.
import assert from "node:assert/strict";
import { atOnce, known, learnt, missing, newUser, visitors } from "../cast.mjs";
import { shows, step, token, unauthorized, url, version, wrongToken } from "../story.mjs";

export async function tell({ Intercom, IntercomClient, IntercomError }, defaultVersion) {
  const connect = (token) => new IntercomClient({ token, baseUrl: url, version });
  const client = connect(token);
  const { reader, customer, returning, lead, silentLead, leaver, busy } = visitors;

  await step("finds a visitor by user_id", async () => {
    assert.deepEqual(await client.visitors.find({ user_id: reader.user_id }), reader);
  });

  await step("updates a visitor by user_id", async () => {
    const { user_id } = reader;
    const updated = await client.visitors.update({ user_id, name: "Gareth", custom_attributes: learnt });
    shows(updated, { type: "visitor", id: reader.id, name: "Gareth", custom_attributes: known });
  });

  await step("updates a visitor by id", async () => {
    const updated = await client.visitors.update({ id: reader.id, name: "Gareth Bale" });
    shows(updated, { type: "visitor", user_id: reader.user_id, name: "Gareth Bale", custom_attributes: known });
  });

  await step("is told that a visitor is missing", async () => {
    const nobody = { user_id: "nobody-at-all" };
    const conversion = { visitor: nobody, user: { email: "nobody@example.com" }, type: "user" };
    assert.ok((await missing(client.visitors.find(nobody))) instanceof Intercom.NotFoundError);
    assert.ok((await missing(client.visitors.update({ id: "nobody-at-all" }))) instanceof Intercom.NotFoundError);
    assert.ok((await missing(client.visitors.mergeToContact(conversion))) instanceof IntercomError);
  });

  await step("converts a visitor to a new user by email, and finds it as a contact", async () => {
    const order = { visitor: { user_id: reader.user_id }, user: { email: newUser.email }, type: "user" };
    const contact = await client.visitors.mergeToContact(order);
    shows(contact, { type: "contact", id: reader.id, role: "user", external_id: null, email: newUser.email });
    shows(contact, { name: "Gareth Bale", custom_attributes: known });
    assert.deepEqual(await client.contacts.find({ contact_id: reader.id }), contact);
    assert.deepEqual(await client.visitors.mergeToContact(order), contact, "the same order again");
  });

  await step("is answered in the version that it asked for", async () => {
    const contact = await client.contacts.find({ contact_id: reader.id });
    const since2_12 = ["2.14", "2.16", "Unstable"].includes(version ?? defaultVersion);
    assert.equal("enabled_push_messaging" in contact, since2_12);
  });

  await step("no longer finds the visitor that became a user", async () => {
    await missing(client.visitors.find({ user_id: reader.user_id }));
    await missing(client.visitors.update({ id: reader.id, name: "Gareth" }));
  });

  await step("converts a visitor to a new user by user_id", async () => {
    const order = { visitor: { id: customer.id }, user: { user_id: newUser.user_id }, type: "user" };
    const contact = await client.visitors.mergeToContact(order);
    shows(contact, { type: "contact", id: customer.id, role: "user", external_id: newUser.user_id });
  });

  await step("merges a visitor into that user", async () => {
    const order = { visitor: { user_id: returning.user_id }, user: { id: customer.id }, type: "user" };
    const contact = await client.visitors.mergeToContact(order);
    shows(contact, { type: "contact", id: customer.id, role: "user", external_id: newUser.user_id });
    await missing(client.visitors.find({ user_id: returning.user_id }));
  });

  await step("converts visitors to leads, with a user of {} and without any", async () => {
    const first = await client.visitors.mergeToContact({ visitor: { user_id: lead.user_id }, user: {}, type: "lead" });
    shows(first, { type: "contact", id: lead.id, role: "lead", external_id: lead.user_id });
    const second = await client.visitors.mergeToContact({ visitor: { user_id: silentLead.user_id }, type: "lead" });
    shows(second, { type: "contact", id: silentLead.id, role: "lead", external_id: silentLead.user_id });
  });

  await step("does the same through the half that the client calls unstable", async () => {
    const { visitors, contacts } = client.unstable;
    const { user_id } = leaver;
    assert.deepEqual(await visitors.retrieveVisitorWithUserId({ user_id }), leaver);
    shows(await visitors.updateVisitor({ user_id, name: "Marcelo" }), { type: "visitor", name: "Marcelo" });
    const contact = await visitors.convertVisitor({ visitor: { user_id }, user: {}, type: "lead" });
    shows(contact, { type: "contact", id: leaver.id, role: "lead", name: "Marcelo" });
    assert.deepEqual(await contacts.showContact({ id: leaver.id }), contact);
    await missing(visitors.retrieveVisitorWithUserId({ user_id }));
  });

  await step("finds, updates and converts one visitor many times at once", async () => {
    const { user_id, id } = busy;
    const answers = await atOnce(
      () => client.visitors.find({ user_id }),
      () => client.visitors.update({ user_id, name: "Luka" }),
    );
    for (const visitor of answers) shows(visitor, { type: "visitor", id });

    const order = { visitor: { user_id }, user: { email: `${user_id}@example.com` }, type: "user" };
    const contacts = await atOnce(() => client.visitors.mergeToContact(order));
    for (const contact of contacts) assert.deepEqual(contact, contacts[0]);
  });

  await step("is told that a token is wrong", async () => {
    const { visitors } = connect(wrongToken);
    const { user_id } = leaver;
    assert.ok((await unauthorized(visitors.find({ user_id }))) instanceof Intercom.UnauthorizedError);
    assert.ok((await unauthorized(visitors.update({ user_id, name: "Mallory" }))) instanceof Intercom.UnauthorizedError);
    const conversion = { visitor: { user_id }, user: {}, type: "lead" };
    assert.ok((await unauthorized(visitors.mergeToContact(conversion))) instanceof Intercom.UnauthorizedError);
  });
}
