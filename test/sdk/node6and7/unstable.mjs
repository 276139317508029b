// The half that the client calls unstable: the same calls by other names, with no iterators, in any version.
import assert from "node:assert/strict";
import { met, nobody, now, unknownCompany, unknownUser } from "../crowd.mjs";
import { shows, step } from "../story.mjs";

export async function unstable(client, { Intercom }) {
  const idsOf = (list) => list.map(({ id }) => id);
  const external_id = "una-1";
  let contact_id;

  await step("does the same with contacts by other names", async () => {
    const una = await client.contacts.createContact({ external_id, name: "Una" });
    contact_id = una.id;
    assert.deepEqual(await client.contacts.showContact({ id: contact_id }), una);
    shows(await client.contacts.updateContact({ id: contact_id, name: "Una B." }), { id: contact_id, name: "Una B." });
    const query = { field: "external_id", operator: "=", value: external_id };
    met(idsOf((await client.contacts.searchContacts({ query })).data), [contact_id]);
    assert.equal((await client.contacts.listContacts()).data[0].id, contact_id);
    shows(await client.contacts.archiveContact({ id: contact_id }), { id: contact_id, archived: true });
    await unknownUser(client.contacts.showContact({ id: contact_id }));
    shows(await client.contacts.unarchiveContact({ id: contact_id }), { id: contact_id, archived: false });
    await unknownUser(client.contacts.deleteContact({ id: nobody }));
  });

  await step("tags a contact and writes notes by other names", async () => {
    const { id } = await client.tags.createTag({ name: "Una's" });
    shows(await client.tags.attachTagToContact({ contact_id, id }), { type: "tag", id });
    met(idsOf((await client.contacts.listTagsForAContact({ contact_id })).data), [id]);
    shows(await client.tags.detachTagFromContact({ contact_id, id }), { type: "tag", id });
    assert.equal(await client.tags.deleteTag({ id }), undefined);
    const note = await client.notes.createNote({ id: contact_id, body: "Called" });
    shows(await client.notes.retrieveNote({ id: note.id }), { id: note.id, body: "<p>Called</p>" });
    met(idsOf((await client.notes.listNotes({ id: contact_id })).data), [note.id]);
  });

  await step("attaches a contact to a company by other names", async () => {
    const { id } = await client.companies.createOrUpdateCompany({ company_id: "una-and-sons", name: "Una & Sons" });
    const attached = await client.companies.attachContactToACompany({ id: contact_id, company_id: id });
    shows(attached, { id, user_count: 1 });
    shows(await client.companies.retrieveCompany({ name: "Una & Sons" }), { id, company_id: "una-and-sons" });
    assert.ok(idsOf((await client.companies.listAllCompanies({ per_page: 50 })).data).includes(id));
    met(idsOf((await client.companies.listAttachedContacts({ id })).data), [contact_id]);
    const missing = unknownCompany(client.companies.retrieveACompanyById({ id: nobody }));
    assert.ok((await missing) instanceof Intercom.unstable.NotFoundError);
  });

  await step("tells of events by other names", async () => {
    const event = { event_name: "looked-around", user_id: external_id, created_at: now() };
    assert.equal(await client.dataEvents.createDataEvent(event), undefined);
    // Its list of events puts the user into the query as JSON, which no version of the API knows.
    const list = client.dataEvents.lisDataEvents({ type: "user", filter: { user_id: external_id } });
    await assert.rejects(list, { statusCode: 400 });
  });
}
