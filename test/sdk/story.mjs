// What every script here needs: where Lobby is, how a step is told, what a refusal looks like.
import assert from "node:assert/strict";

export const url = process.env.LOBBY_URL;
export const token = process.env.LOBBY_TOKEN;
export const wrongToken = `not-${token}`;

// version is the Intercom-Version to ask for; undefined leaves it to the client.
export const version = process.env.LOBBY_VERSION || undefined;

export async function step(what, happens) {
  try {
    await happens();
  } catch (error) {
    console.log(`FAILED ${what}`);
    throw error;
  }
  console.log(`ok ${what}`);
}

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
  const { type, errors, request_id } = error.body;
  assert.equal(type, "error.list");
  assert.equal(errors.length, 1);
  shows(errors[0], { code, message });
  assert.match(request_id, /./);
  assert.ok(error.message.includes(message), error.message);
  return error;
}

export const unauthorized = (call) => refused(call, 401, "unauthorized", "Access Token Invalid");
