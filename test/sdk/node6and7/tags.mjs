// Tags and notes. The list of notes has an iterator that stops at an empty page, and nowhere else.
import assert from "node:assert/strict";
import { nobody, unknownResource, unknownUser } from "../crowd.mjs";
import { shows, step } from "../story.mjs";

export async function tagsAndNotes(client, { Intercom }) {
  const { id: contact_id } = await client.contacts.create({ email: "tess@example.com" });
  const tagsOf = async () => (await client.contacts.listAttachedTags({ contact_id })).data.map(({ name }) => name);
  let tag;

  await step("creates, renames, finds and lists a tag", async () => {
    tag = await client.tags.create({ name: "VIP" });
    assert.deepEqual(await client.tags.create({ name: "vip" }), tag);
    shows(await client.tags.create({ name: "V.I.P.", id: tag.id }), { type: "tag", id: tag.id, name: "V.I.P." });
    shows(await client.tags.find({ tag_id: tag.id }), { type: "tag", id: tag.id, name: "V.I.P." });
    assert.ok((await client.tags.list()).data.some(({ id }) => id === tag.id));
  });

  await step("tags and untags a contact", async () => {
    const tagged = await client.tags.tagContact({ contact_id, id: tag.id });
    shows(tagged, { type: "tag", id: tag.id, name: "V.I.P." });
    assert.deepEqual(await tagsOf(), ["V.I.P."]);
    shows(await client.tags.untagContact({ contact_id, tag_id: tag.id }), { type: "tag", id: tag.id });
    assert.deepEqual(await tagsOf(), []);
    const again = await unknownResource(client.tags.untagContact({ contact_id, tag_id: tag.id }));
    assert.ok(again instanceof Intercom.NotFoundError);
    assert.ok((await unknownUser(client.tags.tagContact({ contact_id: nobody, id: tag.id }))) instanceof Intercom.NotFoundError);
  });

  await step("tags several contacts together", async () => {
    const { id } = await client.contacts.create({ email: "tom@example.com" });
    await client.tags.create({ name: "Beta", users: [{ id: contact_id }, { id }] });
    assert.deepEqual(await tagsOf(), ["Beta"]);
    assert.deepEqual((await client.contacts.listAttachedTags({ contact_id: id })).data.map(({ name }) => name), ["Beta"]);
    await client.tags.create({ name: "Beta", users: [{ id: contact_id, untag: true }] });
    assert.deepEqual(await tagsOf(), []);
  });

  await step("deletes a tag, and is answered by nothing", async () => {
    assert.equal(await client.tags.delete({ tag_id: tag.id }), undefined);
    assert.ok((await unknownResource(client.tags.find({ tag_id: tag.id }))) instanceof Intercom.NotFoundError);
  });

  await step("writes notes, and lists each once", async () => {
    const written = [];
    for (const body of ["Asked for a quote", "<b>Likes</b> tea", "Called"]) {
      written.unshift(await client.notes.create({ contact_id, body }));
    }
    shows(written[1], { type: "note", body: "<p><b>Likes</b> tea</p>" });
    assert.deepEqual(await client.notes.find({ note_id: written[0].id }), written[0]);
    const listed = [];
    for await (const note of await client.notes.list({ contact_id, per_page: 2 })) listed.push(note);
    assert.deepEqual(listed.map(({ id }) => id), written.map(({ id }) => id));
    assert.ok((await unknownUser(client.notes.create({ contact_id: nobody, body: "Lost" }))) instanceof Intercom.NotFoundError);
  });
}
