// What a workspace has besides people: admins, teams, attributes, segments, subscription types.
import assert from "node:assert/strict";
import { make, met, nobody, now, unknownResource } from "../crowd.mjs";
import { refused, shows, step, version } from "../story.mjs";

export async function workspace(client, { Intercom }) {
  const { id: contact_id } = await client.contacts.create({ email: "will@example.com", name: "Will" });

  await step("knows for whom its token acts", async () => {
    const me = await client.admins.identify();
    shows(me, { type: "admin", email_verified: true });
    shows(me.app, { type: "app", region: "US" });
    const { admins } = await client.admins.list();
    assert.deepEqual(admins.map(({ id }) => id), [me.id]);
    const { name, email } = me;
    shows(await client.admins.find({ admin_id: me.id }), { type: "admin", id: me.id, name, email });
    const missing = refused(client.admins.find({ admin_id: 999 }), 404, "admin_not_found", "Admin not found");
    assert.ok((await missing) instanceof Intercom.NotFoundError);
  });

  await step("sends an admin away, and reads in the log that it did", async () => {
    const { id } = await client.admins.identify();
    const away = await client.admins.away({ admin_id: id, away_mode_enabled: true, away_mode_reassign: true });
    shows(away, { id, away_mode_enabled: true, away_mode_reassign: true });
    const { activity_logs } = await client.admins.listAllActivityLogs({ created_at_after: String(now() - 3600) });
    shows(activity_logs[0], { activity_type: "admin_away_mode_change" });
  });

  // What came with 2.14 is in the client since its version 7.
  if (client.awayStatusReasons && version !== "2.7") {
    await step("sends an admin away for a reason", async () => {
      const { id } = await make("away_status_reasons", { label: "Lunch", emoji: "🍔" });
      const { data } = await client.awayStatusReasons.listAwayStatusReasons();
      shows(data.find((reason) => reason.id === id), { type: "away_status_reason", label: "Lunch", emoji: "🍔" });
      const away = { away_mode_enabled: true, away_mode_reassign: false, away_status_reason_id: Number(id) };
      shows(await client.admins.away({ admin_id: 1, ...away }), { id: "1", ...away });
    });
  }

  await step("finds teams", async () => {
    const { id } = await make("teams", { name: "Sales", admin_ids: [1] });
    const team = await client.teams.find({ team_id: id });
    shows(team, { type: "team", id, name: "Sales", admin_ids: [1] });
    assert.deepEqual((await client.teams.list()).teams.map(({ id }) => id), [id]);
    const missing = refused(client.teams.find({ team_id: "999" }), 404, "team_not_found", "Team not found");
    assert.ok((await missing) instanceof Intercom.NotFoundError);
  });

  await step("defines, changes, archives and lists attributes", async () => {
    const defined = { name: "Ring size", model: "contact", data_type: "string" };
    const options = [{ value: "small" }, { value: "large" }];
    const { id: data_attribute_id } = await client.dataAttributes.create({ ...defined, options });
    // Version 6 sends the members that it is given, version 7 a body.
    const update = (body) => client.dataAttributes.update({ data_attribute_id, ...body, body });
    shows(await update({ description: "of one finger" }), { ...defined, description: "of one finger" });
    const names = async (order) => (await client.dataAttributes.list(order)).data.map(({ name }) => name);
    assert.ok((await names({ model: "contact" })).includes("Ring size"));
    await update({ archived: true });
    assert.ok(!(await names()).includes("Ring size"));
    assert.ok((await names({ include_archived: true })).includes("Ring size"));
    const bad = client.dataAttributes.create({ ...defined, name: "Crown", data_type: "gold" });
    const error = await refused(bad, 400, "parameter_invalid", "Data Type isn't an option");
    assert.ok(error instanceof Intercom.BadRequestError);
  });

  await step("finds segments, and those of a contact", async () => {
    const { id } = await make("segments", { name: "Wills", query: { field: "name", operator: "=", value: "Will" } });
    const { segments } = await client.segments.list({ include_count: true });
    shows(segments.find((segment) => segment.id === id), { type: "segment", name: "Wills", count: 1 });
    shows(await client.segments.find({ segment_id: id }), { type: "segment", id, name: "Wills" });
    const { data } = await client.contacts.listAttachedSegments({ contact_id });
    assert.ok(data.some((segment) => segment.id === id));
    const missing = unknownResource(client.segments.find({ segment_id: nobody }));
    assert.ok((await missing) instanceof Intercom.NotFoundError);
  });

  await step("takes a contact out of a subscription and back into it", async () => {
    const types = (await client.subscriptionTypes.list()).data;
    const { id, consent_type } = types.find((type) => type.consent_type === "opt_out");
    const chosen = async () => (await client.contacts.listAttachedSubscriptions({ contact_id })).data.map(({ id }) => id);
    shows(await client.contacts.attachSubscription({ contact_id, id, consent_type }), { type: "subscription", id });
    met(await chosen(), [id]);
    shows(await client.contacts.detachSubscription({ contact_id, subscription_id: id }), { type: "subscription", id });
    met(await chosen(), []);
    shows(await client.contacts.detachSubscription({ contact_id, subscription_id: id }), { type: "subscription", id });
    // The client's own suite attaches opt_in to the first type of any workspace.
    shows(await client.contacts.attachSubscription({ contact_id, id: types[0].id, consent_type: "opt_in" }), { type: "subscription", id: types[0].id });
    shows(await client.contacts.detachSubscription({ contact_id, subscription_id: types[0].id }), { type: "subscription", id: types[0].id });
  });
}
