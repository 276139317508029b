// The visitors of a script, and what becomes of them.
import { refused } from "./story.mjs";

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

// atOnce makes the calls of a busy moment together, for the race detector to watch.
export const atOnce = (...calls) => Promise.all(Array.from({ length: 8 }, () => calls.map((call) => call())).flat());

export const missing = (call) => refused(call, 404, "not_found", "Visitor Not Found");
