// The lists that have cursors, which the caller carries from page to page.
import assert from "node:assert/strict";
import { gather, met } from "../crowd.mjs";
import { step } from "../story.mjs";

// walk turns the pages for as long as there is a cursor.
async function walk(turn) {
  const ids = [];
  let startingAfter, total;
  do {
    const { data, pages, total_count } = await turn(startingAfter);
    ids.push(...data.map(({ id }) => id));
    assert.equal(total_count, total ??= total_count);
    startingAfter = pages.next?.starting_after;
  } while (startingAfter);
  assert.equal(ids.length, total);
  return ids;
}

export async function crowd(client) {
  const ids = await gather(async (name) => (await client.contacts.createUser({ externalId: name, name })).id);

  await step("lists everybody once", async () => {
    met(await walk((startingAfter) => client.contacts.list({ startingAfter })), ids);
    met(await walk((startingAfter) => client.contacts.list({ perPage: 17, startingAfter })), ids);
  });

  await step("searches everybody once, and in order", async () => {
    const query = {
      operator: "AND",
      value: [{ field: "role", operator: "=", value: "user" }, { field: "name", operator: "^", value: "guest" }],
    };
    const sort = { field: "name", order: "ascending" };
    const search = (per_page) => walk((starting_after) =>
      client.contacts.search({ data: { query, sort, pagination: { per_page, starting_after } } }));
    assert.deepEqual(await search(25), ids);
    assert.deepEqual(await search(150), ids);
  });

  await step("searches for nobody", async () => {
    const query = { field: "name", operator: "=", value: "Nobody" };
    const { data, total_count } = await client.contacts.search({ data: { query } });
    assert.deepEqual({ data, total_count }, { data: [], total_count: 0 });
  });
}
