// Contacts from their making to their end. Nothing says a version: what is answered is that of 2.7.
import assert from "node:assert/strict";
import { nobody, now, unknownUser } from "../crowd.mjs";
import { refused, shows, step } from "../story.mjs";

export async function contacts(client) {
  const email = "ada@example.com";
  let ada;

  await step("creates a user, once", async () => {
    ada = await client.contacts.createUser({ email, name: "Ada" });
    shows(ada, { type: "contact", role: "user", email, name: "Ada", external_id: null, custom_attributes: {} });
    const message = `A contact matching those details already exists with id=${ada.id}`;
    await refused(client.contacts.createUser({ email }), 409, "conflict", message);
  });

  await step("finds and updates it", async () => {
    assert.deepEqual(await client.contacts.find({ id: ada.id }), ada);
    await client.dataAttributes.create({ name: "plan", model: "contact", dataType: "string" });
    const signedUpAt = now();
    const customAttributes = { plan: "pro" };
    const news = { externalId: "ada-1", phone: "+353 1 234 5678", signedUpAt, customAttributes };
    const updated = await client.contacts.update({ id: ada.id, ...news });
    shows(updated, { id: ada.id, name: "Ada", email, external_id: "ada-1", phone: "+353 1 234 5678" });
    shows(updated, { signed_up_at: signedUpAt, custom_attributes: customAttributes });
  });

  await step("is told that a contact is missing", async () => {
    await unknownUser(client.contacts.find({ id: nobody }));
    await unknownUser(client.contacts.update({ id: nobody, name: "Nobody" }));
    await unknownUser(client.contacts.delete({ id: nobody }));
    await unknownUser(client.contacts.archive({ id: nobody }));
  });

  await step("makes a user of a lead", async () => {
    const leo = await client.contacts.createLead({ name: "Leo" });
    shows(leo, { type: "contact", role: "lead", name: "Leo" });
    const user = await client.contacts.update({ id: leo.id, role: "user", email: "leo@example.com" });
    shows(user, { id: leo.id, role: "user", name: "Leo", email: "leo@example.com" });
  });

  await step("merges a lead into a user", async () => {
    const lead = await client.contacts.createLead({ name: "A. L.", email });
    const merged = await client.contacts.mergeLeadInUser({ leadId: lead.id, userId: ada.id });
    shows(merged, { type: "contact", id: ada.id, role: "user", name: "Ada" });
    assert.deepEqual(await client.contacts.find({ id: ada.id }), merged);
    await unknownUser(client.contacts.find({ id: lead.id }));
  });

  await step("archives and unarchives a contact, with the empty forms that it posts", async () => {
    shows(await client.contacts.archive({ id: ada.id }), { id: ada.id, object: "contact", archived: true });
    await unknownUser(client.contacts.find({ id: ada.id }));
    shows(await client.contacts.unarchive({ id: ada.id }), { id: ada.id, object: "contact", archived: false });
    shows(await client.contacts.find({ id: ada.id }), { id: ada.id, email });
  });

  await step("deletes a contact", async () => {
    const { id } = await client.contacts.createUser({ externalId: "leaver-1" });
    shows(await client.contacts.delete({ id }), { id, object: "contact", deleted: true });
    await unknownUser(client.contacts.find({ id }));
  });
}
