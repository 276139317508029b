// Tags and notes. The pages of notes link to each other with whole addresses, which the client follows.
import assert from "node:assert/strict";
import { nobody, unknownResource, unknownUser } from "../crowd.mjs";
import { shows, step } from "../story.mjs";

export async function tagsAndNotes(client) {
  const { id: contactId } = await client.contacts.createUser({ email: "tess@example.com" });
  const tagsOf = async (id) => (await client.contacts.listAttachedTags({ id })).data.map(({ name }) => name);
  let tag;

  await step("creates, renames and lists a tag", async () => {
    tag = await client.tags.create({ name: "VIP" });
    assert.deepEqual(await client.tags.create({ name: "vip" }), tag);
    shows(await client.tags.update({ name: "V.I.P.", id: tag.id }), { type: "tag", id: tag.id, name: "V.I.P." });
    assert.ok((await client.tags.list()).data.some(({ id, name }) => id === tag.id && name === "V.I.P."));
  });

  await step("tags and untags a contact", async () => {
    const tagged = await client.tags.tagContact({ contactId, tagId: tag.id });
    shows(tagged, { type: "tag", id: tag.id, name: "V.I.P." });
    assert.deepEqual(await tagsOf(contactId), ["V.I.P."]);
    shows(await client.tags.untagContact({ contactId, tagId: tag.id }), { type: "tag", id: tag.id });
    assert.deepEqual(await tagsOf(contactId), []);
    await unknownResource(client.tags.untagContact({ contactId, tagId: tag.id }));
    await unknownUser(client.tags.tagContact({ contactId: nobody, tagId: tag.id }));
  });

  await step("tags and untags several contacts together, although it knows of companies only", async () => {
    const { id } = await client.contacts.createUser({ email: "tom@example.com" });
    await client.tags.create({ name: "Beta", users: [{ id: contactId }, { id }] });
    assert.deepEqual(await tagsOf(contactId), ["Beta"]);
    assert.deepEqual(await tagsOf(id), ["Beta"]);
    await client.tags.create({ name: "Beta", users: [{ id: contactId, untag: true }] });
    assert.deepEqual(await tagsOf(contactId), []);
  });

  await step("deletes a tag, and is answered by nothing", async () => {
    assert.equal(await client.tags.delete({ id: tag.id }), "");
    await unknownResource(client.tags.delete({ id: tag.id }));
  });

  await step("writes notes, and turns their pages", async () => {
    const written = [];
    for (const body of ["Asked for a quote", "<b>Likes</b> tea", "Called"]) {
      written.unshift(await client.notes.create({ contactId, body }));
    }
    shows(written[1], { type: "note", body: "<p><b>Likes</b> tea</p>" });
    assert.deepEqual(await client.notes.find({ id: written[0].id }), written[0]);
    const first = await client.notes.list({ contactId, perPage: 2 });
    const second = await client.nextPage(first.pages);
    assert.deepEqual([...first.data, ...second.data].map(({ id }) => id), written.map(({ id }) => id));
    assert.equal(second.pages.next, null);
    await unknownUser(client.notes.create({ contactId: nobody, body: "Lost" }));
  });
}
