// Conversations, by calls that take whole bodies. The list has an iterator.
import assert from "node:assert/strict";
import { nobody, unknownResource, unknownUser } from "../crowd.mjs";
import { refused, shows, step } from "../story.mjs";

export async function conversations(client, { Intercom }, version) {
  const { id: userId } = await client.contacts.create({ email: "connie@example.com", external_id: "connie-1" });
  const { id: leadId } = await client.contacts.create({ role: "lead", name: "Lou" });
  const adminId = (await client.admins.list()).admins[0].id;
  const all = client.conversations;
  const typesOf = ({ conversation_parts }) => conversation_parts.conversation_parts.map(({ part_type }) => part_type);
  const reply = (conversation_id, body) => all.reply({ conversation_id, body });
  let id;

  await step("begins a conversation and finds it", async () => {
    const message = await all.create({ from: { type: "user", id: userId }, body: "Hello there" });
    shows(message, { type: "user_message", body: "Hello there", message_type: "inapp" });
    id = message.conversation_id;
    shows(await all.find({ conversation_id: id }), { type: "conversation", id, state: "open", open: true, read: true });
    assert.equal((await all.find({ conversation_id: id, display_as: "plaintext" })).source.body, "Hello there");
    const lost = await unknownUser(all.create({ from: { type: "user", id: nobody }, body: "Hello" }));
    assert.ok(lost instanceof Intercom.NotFoundError);
    await unknownResource(all.find({ conversation_id: "999" }));
  });

  await step("replies, notes and asks", async () => {
    await reply(id, { message_type: "comment", type: "admin", admin_id: adminId, body: "<b>Hi</b>" });
    await reply(id, { message_type: "comment", type: "user", user_id: "connie-1", body: "Thanks", attachment_urls: ["https://example.com/a.png"] });
    await reply("last", { message_type: "comment", type: "user", intercom_user_id: userId, body: "Still here" });
    const options = [{ text: "Yes", uuid: "a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb" }];
    await reply(id, { message_type: "quick_reply", type: "admin", admin_id: adminId, reply_options: options });
    const noted = await reply(id, { message_type: "note", type: "admin", admin_id: adminId, body: "Important" });
    assert.deepEqual(typesOf(noted), ["comment", "comment", "comment", "quick_reply", "note"]);
  });

  await step("closes, opens, snoozes and assigns", async () => {
    const manage = (body) => all.manage({ conversation_id: id, body: { admin_id: adminId, ...body } });
    shows(await manage({ message_type: "close", type: "admin", body: "Bye" }), { state: "closed", open: false });
    shows(await manage({ message_type: "open" }), { state: "open", open: true });
    const snoozed_until = Math.floor(Date.now() / 1000) + 3600;
    shows(await manage({ message_type: "snoozed", snoozed_until }), { state: "snoozed", snoozed_until });
    const assigned = await manage({ message_type: "assignment", type: "admin", assignee_id: adminId });
    shows(assigned, { state: "open", admin_assignee_id: Number(adminId) });
    assert.equal(typesOf(assigned).at(-1), "assign_and_unsnooze");
    assert.equal(typesOf(await all.runAssignmentRules({ conversation_id: id })).at(-1), "default_assignment");
  });

  await step("marks it read, and keeps attributes", async () => {
    const updated = await all.update({ conversation_id: id, read: true, custom_attributes: { issue: "bill" } });
    shows(updated, { read: true, custom_attributes: { issue: "bill" } });
  });

  await step("tags it and takes the tag off", async () => {
    const tag = await client.tags.create({ name: "Billing" });
    shows(await client.tags.tagConversation({ conversation_id: id, id: tag.id, admin_id: adminId }), { type: "tag", id: tag.id });
    assert.equal((await all.find({ conversation_id: id })).tags.tags[0].name, "Billing");
    await client.tags.untagConversation({ conversation_id: id, tag_id: tag.id, admin_id: adminId });
    assert.deepEqual((await all.find({ conversation_id: id })).tags.tags, []);
  });

  await step("attaches and detaches contacts", async () => {
    const both = await all.attachContactAsAdmin({ conversation_id: id, admin_id: adminId, customer: { intercom_user_id: leadId } });
    assert.deepEqual(both.customers, [{ type: "user", id: userId }, { type: "lead", id: leadId }]);
    const detach = (contact_id) => all.detachContactAsAdmin({ conversation_id: id, contact_id, admin_id: adminId });
    assert.deepEqual((await detach(leadId)).customers, [{ type: "user", id: userId }]);
    await refused(detach(userId), 422, "parameter_invalid", "Removing the last customer is not allowed");
  });

  await step("redacts what was said", async () => {
    const [part] = (await all.find({ conversation_id: id })).conversation_parts.conversation_parts;
    const redacted = await all.redactConversationPart({ type: "conversation_part", conversation_id: id, conversation_part_id: part.id });
    shows(redacted.conversation_parts.conversation_parts[0], { redacted: true, part_type: "comment" });
  });

  await step("lists each conversation once", async () => {
    for (const body of ["Second", "Third"]) await all.create({ from: { type: "user", id: userId }, body });
    const ids = [];
    for await (const one of await all.list({ per_page: 2 })) ids.push(one.id);
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 3);
  });

  const search = async (value, pagination) => {
    const ids = [];
    for await (const one of await all.search({ query: { operator: "AND", value }, pagination })) ids.push(one.id);
    return ids;
  };

  await step("searches for each conversation once", async () => {
    await all.manage({ conversation_id: id, body: { message_type: "close", type: "admin", admin_id: adminId } });
    const query = (state) => [{ field: "contact_ids", operator: "=", value: userId }, { field: "state", operator: "=", value: state }];
    const ids = await search(query("open"), { per_page: 1 });
    assert.equal(ids.length, 2);
    assert.equal(new Set([id, ...ids]).size, 3);
    assert.deepEqual(await search(query("closed")), [id]);
    assert.deepEqual(await search(query("snoozed")), []);
  });

  await step("writes to a contact, whose answer begins a conversation", async () => {
    const message = await client.messages.create({
      message_type: "inapp", body: "News", from: { type: "admin", id: adminId }, to: { type: "lead", id: leadId },
    });
    shows(message, { type: "admin_message", message_type: "inapp", body: "<p>News</p>" });
    const begun = await reply("last", { message_type: "comment", type: "user", intercom_user_id: leadId, body: "Tell me more" });
    shows(begun, { type: "conversation", state: "open" });
    assert.deepEqual({ source: begun.source.id, parts: typesOf(begun) }, { source: message.id, parts: ["open"] });
    assert.deepEqual(await search([{ field: "source.id", operator: "=", value: message.id }]), [begun.id]);
  });

  if (all.deleteConversation && version !== "2.7" && version !== "2.11") {
    await step("deletes a conversation", async () => {
      shows(await all.deleteConversation({ conversation_id: Number(id) }), { id, object: "conversation", deleted: true });
      await unknownResource(all.find({ conversation_id: id }));
    });
  }
}
