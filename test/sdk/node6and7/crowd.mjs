// The lists that have cursors: their iterators go on until there is no pages.next.
import { gather, met } from "../crowd.mjs";
import { step } from "../story.mjs";

async function idsOf(pages) {
  const ids = [];
  for await (const { id } of await pages) ids.push(id);
  return ids;
}

export async function crowd(client) {
  const ids = await gather(async (name) => (await client.contacts.create({ role: "user", external_id: name, name })).id);

  await step("lists everybody once", async () => {
    met(await idsOf(client.contacts.list()), ids);
    met(await idsOf(client.contacts.list({ per_page: 17 })), ids);
  });

  await step("searches everybody once", async () => {
    const query = {
      operator: "AND",
      value: [{ field: "role", operator: "=", value: "user" }, { field: "name", operator: "^", value: "guest" }],
    };
    met(await idsOf(client.contacts.search({ query, pagination: { per_page: 25 } })), ids);
    met(await idsOf(client.contacts.search({ query })), ids);
  });

  await step("searches for nobody", async () => {
    const query = { field: "name", operator: "=", value: "Nobody" };
    met(await idsOf(client.contacts.search({ query })), []);
  });
}
