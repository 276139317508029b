// A workspace of its own, with nobody in it but whom the script puts there.
import assert from "node:assert/strict";
import { refused, token, url } from "./story.mjs";

// crowdSize is more than two pages of fifty, and no multiple of any page that is asked for.
const crowdSize = 120;

// gather has a crowd of users made, some at a time, and answers their ids.
export async function gather(create) {
  const ids = [];
  const names = Array.from({ length: crowdSize }, (_, i) => `Guest ${String(i).padStart(3, "0")}`);
  while (names.length > 0) {
    ids.push(...(await Promise.all(names.splice(0, 12).map(create))));
  }
  assert.equal(new Set(ids).size, crowdSize);
  return ids;
}

// met checks that everybody was met once.
export const met = (ids, expected) => assert.deepEqual(ids.toSorted(), expected.toSorted());

// make asks Lobby for what no call of a client makes.
export async function make(what, body) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const response = await fetch(`${url}/lobby/v1/${what}`, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(response.status, 200);
  return response.json();
}

export const now = () => Math.floor(Date.now() / 1000);

export const nobody = "6553f1000123456789abcdef";
export const unknownUser = (call) => refused(call, 404, "not_found", "User Not Found");
export const unknownResource = (call) => refused(call, 404, "not_found", "Resource Not Found");
export const unknownCompany = (call) => refused(call, 404, "company_not_found", "Company Not Found");
