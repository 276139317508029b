// intercom-client 3, 4 and 5, over all that they do with people.
import { token, url } from "../story.mjs";
import { companies } from "./companies.mjs";
import { contacts } from "./contacts.mjs";
import { conversations } from "./conversations.mjs";
import { crowd } from "./crowd.mjs";
import { events } from "./events.mjs";
import { tagsAndNotes } from "./tags.mjs";
import { workspace } from "./workspace.mjs";

export async function tell({ Client }) {
  const client = new Client({ tokenAuth: { token } }).useRequestOpts({ baseURL: url });
  await crowd(client);
  await workspace(client);
  await contacts(client);
  await tagsAndNotes(client);
  await companies(client);
  await events(client);
  await conversations(client);
}
