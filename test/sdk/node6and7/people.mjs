// intercom-client 6 and 7, over all that they do with people.
import { token, url, version } from "../story.mjs";
import { companies } from "./companies.mjs";
import { contacts } from "./contacts.mjs";
import { conversations } from "./conversations.mjs";
import { crowd } from "./crowd.mjs";
import { events } from "./events.mjs";
import { tagsAndNotes } from "./tags.mjs";
import { unstable } from "./unstable.mjs";
import { workspace } from "./workspace.mjs";

export async function tell(library, defaultVersion) {
  const client = new library.IntercomClient({ token, baseUrl: url, version });
  const asked = version ?? defaultVersion;
  await crowd(client);
  await workspace(client, library);
  await contacts(client, library, asked);
  await tagsAndNotes(client, library);
  await companies(client, library);
  await events(client);
  await conversations(client, library, asked);
  await unstable(client.unstable, library);
}
