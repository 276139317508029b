// Events: an accepted one is answered by 202 and nothing.
import assert from "node:assert/strict";
import { now, unknownUser } from "../crowd.mjs";
import { shows, step } from "../story.mjs";

export async function events(client) {
  const user_id = "eve-1";
  const { id } = await client.contacts.create({ role: "user", external_id: user_id });
  const created_at = now();

  await step("tells of events, and is answered by nothing", async () => {
    const metadata = { order_number: "3434-3434" };
    const event = { event_name: "placed-order", user_id, metadata };
    assert.equal(await client.events.create({ ...event, created_at }), undefined);
    assert.equal(await client.events.create({ ...event, created_at: created_at - 60 }), undefined);
    assert.equal(await client.events.create({ event_name: "logged-in", id, created_at: created_at - 120 }), undefined);
    await unknownUser(client.events.create({ event_name: "placed-order", user_id: "nobody", created_at }));
  });

  await step("lists them, newest first", async () => {
    const { type, events } = await client.events.list({ type: "user", user_id });
    assert.equal(type, "event.list");
    assert.deepEqual(events.map(({ event_name }) => event_name), ["placed-order", "placed-order", "logged-in"]);
    shows(events[0], { type: "event", created_at, user_id, metadata: { order_number: "3434-3434" } });
    const same = await client.events.list({ type: "user", intercom_user_id: id, per_page: 1 });
    assert.deepEqual(same.events, events.slice(0, 1));
  });

  await step("sums them up, with what happened elsewhere", async () => {
    const event_summaries = { event_name: "placed-order", count: 40, first: 1389913941, last: 1389913941 };
    await client.events.summaries({ user_id, event_summaries });
    const { type, events } = await client.events.list({ type: "user", user_id, summary: true });
    assert.equal(type, "event.summary");
    const counts = Object.fromEntries(events.map(({ name, count }) => [name, count]));
    assert.deepEqual(counts, { "placed-order": 42, "logged-in": 1 });
  });
}
