// Contacts from their making to their end. Only some refusals have a class of their own: the rest are IntercomError.
import assert from "node:assert/strict";
import { nobody, now, unknownUser } from "../crowd.mjs";
import { refused, shows, step, version } from "../story.mjs";

export async function contacts(client, { IntercomError }, asked) {
  const gone = ["2.16", "Unstable"].includes(asked) ? 410 : 404;
  const email = "ada@example.com";
  let ada;

  await step("creates a user, once", async () => {
    ada = await client.contacts.create({ email, name: "Ada" });
    shows(ada, { type: "contact", role: "user", email, name: "Ada", external_id: null, custom_attributes: {} });
    const message = `A contact matching those details already exists with id=${ada.id}`;
    const error = await refused(client.contacts.create({ email }), 409, "conflict", message);
    assert.ok(error instanceof IntercomError);
  });

  await step("finds and updates it", async () => {
    assert.deepEqual(await client.contacts.find({ contact_id: ada.id }), ada);
    await client.dataAttributes.create({ name: "plan", model: "contact", data_type: "string" });
    const signed_up_at = now();
    const news = { external_id: "ada-1", phone: "+353 1 234 5678", signed_up_at, custom_attributes: { plan: "pro" } };
    shows(await client.contacts.update({ contact_id: ada.id, ...news }), { id: ada.id, name: "Ada", email, ...news });
  });

  await step("is told that a contact is missing, by an error of no class", async () => {
    const error = await unknownUser(client.contacts.find({ contact_id: nobody }));
    assert.ok(error instanceof IntercomError);
    await unknownUser(client.contacts.update({ contact_id: nobody, name: "Nobody" }));
    await unknownUser(client.contacts.delete({ contact_id: nobody }));
    await unknownUser(client.contacts.archive({ contact_id: nobody }));
  });

  await step("makes a user of a lead, and no lead of a user", async () => {
    const leo = await client.contacts.create({ role: "lead", name: "Leo" });
    shows(leo, { role: "lead", email: null });
    const user = await client.contacts.update({ contact_id: leo.id, role: "user", email: "leo@example.com" });
    shows(user, { id: leo.id, role: "user", name: "Leo" });
    const back = client.contacts.update({ contact_id: leo.id, role: "lead" });
    await assert.rejects(back, (error) => error instanceof IntercomError && error.statusCode === 400);
  });

  await step("merges a lead into the user whose address it shares", async () => {
    const lead = await client.contacts.create({ role: "lead", email, name: "A. L.", avatar: "https://example.com/a.png" });
    const merged = await client.contacts.mergeLeadInUser({ from: lead.id, into: ada.id });
    shows(merged, { type: "contact", id: ada.id, role: "user", name: "Ada" });
    assert.deepEqual(await client.contacts.find({ contact_id: ada.id }), merged);
    const absorbed = client.contacts.find({ contact_id: lead.id });
    await assert.rejects(absorbed, (error) => error instanceof IntercomError && error.statusCode === gone);
  });

  await step("archives and unarchives a contact", async () => {
    shows(await client.contacts.archive({ contact_id: ada.id }), { id: ada.id, type: "contact", archived: true });
    await unknownUser(client.contacts.find({ contact_id: ada.id }));
    shows(await client.contacts.unarchive({ contact_id: ada.id }), { id: ada.id, archived: false });
    shows(await client.contacts.find({ contact_id: ada.id }), { id: ada.id, email });
  });

  await step("deletes a contact", async () => {
    const { id } = await client.contacts.create({ role: "user", external_id: "leaver-1" });
    shows(await client.contacts.delete({ contact_id: id }), { id, type: "contact", external_id: "leaver-1", deleted: true });
    await unknownUser(client.contacts.find({ contact_id: id }));
  });

  // What came with 2.13 is in the client since its version 7.
  if (client.contacts.blockContact && version !== "2.7") {
    await step("finds a contact by the owner's id, and blocks it", async () => {
      const { id } = await client.contacts.showContactByExternalId({ external_id: "ada-1" });
      assert.equal(id, ada.id);
      shows(await client.contacts.blockContact({ contact_id: id }), { type: "contact", id, blocked: true });
    });
  }
}
