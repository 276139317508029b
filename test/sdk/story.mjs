// What every script here needs: where Lobby is, which visitors wait there, how a step is told, what a refusal looks like.
import assert from "node:assert/strict";

export const url = process.env.LOBBY_URL;
export const token = process.env.LOBBY_TOKEN;
export const wrongToken = `not-${token}`;

// version is the Intercom-Version to ask for; undefined leaves it to the client.
export const version = process.env.LOBBY_VERSION || undefined;

// visitors are those made for this script alone, by the part they play, as Lobby showed them when it made them.
export const visitors = JSON.parse(process.env.LOBBY_VISITORS);

// newUser names somebody whom Lobby does not know yet.
export const newUser = {
  user_id: `user-${visitors.customer.user_id}`,
  email: `${visitors.reader.user_id}@example.com`,
};

// learnt is what a site finds out about a visitor: attributes of every scalar type.
export const learnt = { plan: "scale", paid_subscriber: true, opted_out: false, monthly_spend: 155.5, team_mates: 9 };

// known is what Lobby then has: updates add to the attributes.
export const known = { ...visitors.reader.custom_attributes, ...learnt };

export async function step(what, happens) {
  try {
    await happens();
  } catch (error) {
    console.log(`FAILED ${what}`);
    throw error;
  }
  console.log(`ok ${what}`);
}

// atOnce makes the calls of a busy moment together, for the race detector to watch.
export const atOnce = (...calls) => Promise.all(Array.from({ length: 8 }, () => calls.map((call) => call())).flat());

// shows checks some members of an object.
export function shows(object, expected) {
  const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, object[key]]));
  assert.deepEqual(picked, expected);
}

// refused checks the error that a client throws, and answers it.
export async function refused(call, statusCode, code, message) {
  const error = await call.then(
    () => assert.fail(`not refused: ${message}`),
    (error) => error,
  );
  assert.ok(error instanceof Error, `thrown: ${error}`);
  shows(error, { statusCode });
  shows(error.body, { type: "error.list", errors: [{ code, message }] });
  assert.match(error.body.request_id, /./);
  assert.ok(error.message.includes(message), error.message);
  return error;
}

export const missing = (call) => refused(call, 404, "not_found", "Visitor Not Found");
export const unauthorized = (call) => refused(call, 401, "unauthorized", "Access Token Invalid");
