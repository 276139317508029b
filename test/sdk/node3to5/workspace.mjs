// What a workspace has besides people: admins, teams, attributes, segments, subscription types.
import assert from "node:assert/strict";
import { make, met, nobody, now, unknownResource } from "../crowd.mjs";
import { refused, shows, step } from "../story.mjs";

export async function workspace(client) {
  const { id } = await client.contacts.createUser({ email: "will@example.com", name: "Will" });

  await step("finds admins", async () => {
    const { admins } = await client.admins.list();
    assert.deepEqual(await client.ping(), { type: "admin.list", admins });
    assert.equal(admins.length, 1);
    const { id, name, email } = admins[0];
    shows(await client.admins.find({ id }), { type: "admin", id, name, email });
    await refused(client.admins.find({ id: "999" }), 404, "admin_not_found", "Admin not found");
  });

  await step("sends an admin away, and reads in the log that it did", async () => {
    const away = await client.admins.away({ adminId: "1", enableAwayMode: true, enableReassignMode: true });
    shows(away, { id: "1", away_mode_enabled: true, away_mode_reassign: true });
    const after = new Date((now() - 3600) * 1000);
    const { activity_logs } = await client.admins.listAllActivityLogs({ after });
    shows(activity_logs[0], { activity_type: "admin_away_mode_change" });
  });

  await step("finds teams", async () => {
    const { id } = await make("teams", { name: "Sales", admin_ids: [1] });
    shows(await client.teams.find({ id }), { type: "team", id, name: "Sales", admin_ids: [1] });
    assert.deepEqual((await client.teams.list()).teams.map(({ id }) => id), [id]);
    await refused(client.teams.find({ id: "999" }), 404, "team_not_found", "Team not found");
  });

  await step("defines, changes, archives and lists attributes", async () => {
    const options = [{ value: "small" }, { value: "large" }];
    const defined = { name: "Ring size", model: "contact" };
    const attribute = await client.dataAttributes.create({ ...defined, dataType: "string", options });
    shows(attribute, { ...defined, data_type: "string", options: ["small", "large"] });
    const { id } = attribute;
    shows(await client.dataAttributes.update({ id, description: "of one finger" }), { description: "of one finger" });
    const names = async (order) => (await client.dataAttributes.list(order)).data.map(({ name }) => name);
    assert.ok((await names({ model: "contact" })).includes("Ring size"));
    await client.dataAttributes.update({ id, archived: true });
    assert.ok(!(await names({})).includes("Ring size"));
    assert.ok((await names({ includeArchived: true })).includes("Ring size"));
    const bad = client.dataAttributes.create({ name: "Crown", model: "contact", dataType: "gold" });
    await refused(bad, 400, "parameter_invalid", "Data Type isn't an option");
  });

  await step("finds segments, and those of a contact", async () => {
    const wills = await make("segments", { name: "Wills", query: { field: "name", operator: "=", value: "Will" } });
    const { segments } = await client.segments.list({ includeCount: true });
    shows(segments.find((segment) => segment.id === wills.id), { type: "segment", name: "Wills", count: 1 });
    shows(await client.segments.find({ id: wills.id }), { type: "segment", id: wills.id, name: "Wills" });
    const { data } = await client.contacts.listAttachedSegments({ id });
    assert.ok(data.some((segment) => segment.id === wills.id));
    await unknownResource(client.segments.find({ id: nobody }));
  });

  await step("lists subscription types, and what a contact chose", async () => {
    const [type] = (await client.subscriptions.listTypes()).data;
    shows(type, { type: "subscription", state: "live" });
    const data = { id: type.id, consent_type: type.consent_type };
    await client.post({ url: `/contacts/${id}/subscriptions`, data }); // the client can only read them
    const chosen = await client.contacts.listAttachedEmailSubscriptions({ id });
    met(chosen.data.map(({ id }) => id), [type.id]);
  });

  await step("counts, as in API 1", async () => {
    const { type, user } = await client.counts.forApp();
    shows({ type, has: user.count > 0 }, { type: "count.hash", has: true });
  });
}
