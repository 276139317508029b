// Events: an accepted one is answered by 202 and nothing.
import assert from "node:assert/strict";
import { now, unknownUser } from "../crowd.mjs";
import { shows, step } from "../story.mjs";

export async function events(client) {
  const userId = "eve-1";
  const { id } = await client.contacts.createUser({ externalId: userId });
  const createdAt = now();

  await step("tells of events, and is answered by nothing", async () => {
    const event = { eventName: "placed-order", userId, metadata: { price: { amount: 34999, currency: "eur" } } };
    assert.equal(await client.events.create({ ...event, createdAt }), "");
    assert.equal(await client.events.create({ ...event, createdAt: createdAt - 60 }), "");
    assert.equal(await client.events.create({ eventName: "logged-in", id, createdAt: createdAt - 120 }), "");
    await unknownUser(client.events.create({ eventName: "placed-order", userId: "nobody", createdAt }));
  });

  await step("lists them, newest first", async () => {
    const { type, events } = await client.events.listBy({ userId });
    assert.equal(type, "event.list");
    assert.deepEqual(events.map(({ event_name }) => event_name), ["placed-order", "placed-order", "logged-in"]);
    shows(events[0], { type: "event", created_at: createdAt, metadata: { price: { amount: 34999, currency: "eur" } } });
    const same = await client.events.listBy({ intercomUserId: id, perPage: 1 });
    assert.deepEqual(same.events, events.slice(0, 1));
  });

  await step("sums them up", async () => {
    const { type, events } = await client.events.listBy({ userId, summary: true });
    assert.equal(type, "event.summary");
    const counts = Object.fromEntries(events.map(({ name, count }) => [name, count]));
    assert.deepEqual(counts, { "placed-order": 2, "logged-in": 1 });
  });
}
