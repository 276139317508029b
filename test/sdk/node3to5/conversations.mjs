// Conversations. Snoozing goes by the path of replies, with a time as a text; rules are run on a path of its own.
import assert from "node:assert/strict";
import { nobody, unknownResource, unknownUser } from "../crowd.mjs";
import { refused, shows, step } from "../story.mjs";

export async function conversations(client) {
  const { id: userId } = await client.contacts.createUser({ email: "connie@example.com", externalId: "connie-1" });
  const { id: leadId } = await client.contacts.createLead({ name: "Lou" });
  const adminId = (await client.admins.list()).admins[0].id;
  const all = client.conversations;
  const typesOf = ({ conversation_parts }) => conversation_parts.conversation_parts.map(({ part_type }) => part_type);
  let id;

  await step("begins a conversation and finds it", async () => {
    const message = await all.create({ userId, body: "Hello there" });
    shows(message, { type: "user_message", body: "Hello there", message_type: "inapp" });
    id = message.conversation_id;
    shows(await all.find({ id }), { type: "conversation", id, state: "open", open: true, read: true });
    assert.equal((await all.find({ id, inPlainText: true })).source.body, "Hello there");
    await unknownUser(all.create({ userId: nobody, body: "Hello" }));
    await unknownResource(all.find({ id: "999" }));
  });

  await step("replies as a user and as an admin, by id and to the last one", async () => {
    await all.replyByIdAsAdmin({ id, adminId, messageType: "comment", body: "<b>Hi</b>" });
    await all.replyByIdAsUser({ id, body: "Thanks", userId: "connie-1", attachmentUrls: ["https://example.com/a.png"] });
    const last = await all.replyByLastAsUser({ body: "Still here", intercomUserId: userId });
    assert.equal(last.id, id);
    assert.deepEqual(typesOf(last), ["comment", "comment", "comment"]);
    assert.equal(last.conversation_parts.conversation_parts[1].attachments[0].name, "a.png");
    const noted = await all.replyByIdAsAdmin({ id, adminId, messageType: "note", body: "Important" });
    const { part_type, body, author } = noted.conversation_parts.conversation_parts[3];
    assert.deepEqual({ part_type, body, author: author.type }, { part_type: "note", body: "<p>Important</p>", author: "admin" });
    await refused(all.replyByLastAsAdmin({ adminId, messageType: "note", body: "Who?" }), 400, "bad_request", "No conversation for this user");
  });

  await step("closes, opens, snoozes and assigns", async () => {
    shows(await all.close({ id, adminId, body: "Bye" }), { state: "closed", open: false });
    shows(await all.open({ id, adminId }), { state: "open", open: true });
    const until = String(Math.floor(Date.now() / 1000) + 3600);
    shows(await all.snooze({ id, adminId, snoozedUntil: until }), { state: "snoozed", snoozed_until: Number(until) });
    shows(await all.assign({ id, type: "admin", adminId, assigneeId: adminId }), { state: "open", admin_assignee_id: Number(adminId) });
    const ruled = await all.assign({ id, withRunningAssignmentRules: true });
    assert.deepEqual(typesOf(ruled).slice(4), ["close", "open", "snoozed", "assign_and_unsnooze", "default_assignment"]);
  });

  await step("marks it read, and keeps attributes", async () => {
    const updated = await all.update({ id, markRead: true, customAttributes: { issue: "bill" } });
    shows(updated, { read: true, custom_attributes: { issue: "bill" } });
  });

  await step("attaches and detaches contacts", async () => {
    const { customers } = await all.attachContactAsAdmin({ id, adminId, customer: { intercomUserId: leadId } });
    assert.deepEqual(customers, [{ type: "user", id: userId }, { type: "lead", id: leadId }]);
    const left = await all.detachContactAsAdmin({ conversationId: id, contactId: leadId, adminId });
    assert.deepEqual(left.customers, [{ type: "user", id: userId }]);
    await refused(
      all.detachContactAsAdmin({ conversationId: id, contactId: userId, adminId }), 422, "parameter_invalid", "Removing the last customer is not allowed",
    );
  });

  await step("redacts what was said", async () => {
    const [part] = (await all.find({ id })).conversation_parts.conversation_parts;
    const redacted = await all.redactConversationPart({ conversationId: id, conversationPartId: part.id, type: "conversation_part" });
    shows(redacted.conversation_parts.conversation_parts[0], { redacted: true, part_type: "comment" });
  });

  await step("lists each conversation once", async () => {
    for (const body of ["Second", "Third"]) await all.create({ userId, body });
    // Version 3 numbers the pages of conversations, and so can turn none.
    const byCursor = String(all.list).includes("starting_after");
    const ids = [];
    let startingAfter;
    do {
      const page = await all.list({ perPage: byCursor ? 2 : 50, startingAfter });
      ids.push(...page.conversations.map((one) => one.id));
      startingAfter = page.pages.next?.starting_after;
    } while (startingAfter);
    assert.equal(new Set(ids).size, 3);
    assert.equal(ids.length, 3);
  });

  const search = (value, pagination) => all.search({ data: { query: { operator: "AND", value }, pagination } });

  await step("searches for each conversation once", async () => {
    await all.close({ id, adminId });
    const query = (state) => [{ field: "contact_ids", operator: "=", value: userId }, { field: "state", operator: "=", value: state }];
    const ids = [];
    let starting_after;
    do {
      const page = await search(query("open"), { per_page: 1, starting_after });
      assert.equal(page.total_count, 2);
      ids.push(...page.conversations.map((one) => one.id));
      starting_after = page.pages.next?.starting_after;
    } while (starting_after);
    assert.equal(ids.length, 2);
    assert.equal(new Set([id, ...ids]).size, 3);
    assert.deepEqual((await search(query("closed"))).conversations.map((one) => one.id), [id]);
    const { conversations: none, total_count } = await search(query("snoozed"));
    assert.deepEqual({ none, total_count }, { none: [], total_count: 0 });
  });

  await step("writes to a contact, whose answer begins a conversation", async () => {
    const message = await client.messages.create({
      messageType: "inapp", body: "News", from: { type: "admin", id: adminId }, to: { type: "lead", id: leadId },
    });
    shows(message, { type: "admin_message", message_type: "inapp", body: "<p>News</p>" });
    const begun = await all.replyByLastAsUser({ body: "Tell me more", intercomUserId: leadId });
    shows(begun, { type: "conversation", state: "open" });
    assert.deepEqual({ source: begun.source.id, parts: typesOf(begun) }, { source: message.id, parts: ["open"] });
    const found = await search([{ field: "source.id", operator: "=", value: message.id }]);
    assert.deepEqual(found.conversations.map((one) => one.id), [begun.id]);
  });
}
