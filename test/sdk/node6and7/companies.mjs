// Companies, whose lists have iterators of three kinds: until a page is empty, until companies is, until no scroll_param.
import assert from "node:assert/strict";
import { met, nobody, unknownCompany } from "../crowd.mjs";
import { refused, shows, step } from "../story.mjs";

export async function companies(client, { Intercom }) {
  const { id: contact_id } = await client.contacts.create({ email: "carl@example.com" });
  const company_id = "acme-1";
  let acme, all;

  const idsOf = async (pages) => {
    const ids = [];
    for await (const { id } of await pages) ids.push(id);
    return ids;
  };

  await step("creates a company, and updates it by its company_id", async () => {
    acme = await client.companies.createOrUpdate({ company_id, name: "Acme", plan: "Pro", monthly_spend: 155 });
    shows(acme, { type: "company", company_id, name: "Acme", monthly_spend: 155, user_count: 0 });
    shows(acme.plan, { type: "plan", name: "Pro" });
    const updated = await client.companies.createOrUpdate({ company_id, name: "Acme Inc.", industry: "Anvils" });
    shows(updated, { id: acme.id, name: "Acme Inc.", monthly_spend: 155, industry: "Anvils" });
    acme = updated;
  });

  await step("finds it by id, company_id and name: the company itself, not a list", async () => {
    assert.deepEqual(await client.companies.find({ company_id: acme.id }), acme);
    assert.deepEqual(await client.companies.retrieve({ company_id }), acme);
    assert.deepEqual(await client.companies.retrieve({ name: "Acme Inc." }), acme);
  });

  await step("is told that a company is missing, and what is wrong with one", async () => {
    assert.ok((await unknownCompany(client.companies.find({ company_id: nobody }))) instanceof Intercom.NotFoundError);
    assert.ok((await unknownCompany(client.companies.retrieve({ name: "Nope" }))) instanceof Intercom.NotFoundError);
    const message = "Custom attribute 'nope' does not exist";
    const wrong = client.companies.createOrUpdate({ company_id, custom_attributes: { nope: 1 } });
    assert.ok((await refused(wrong, 400, "parameter_invalid", message)) instanceof Intercom.BadRequestError);
  });

  await step("attaches a contact to companies", async () => {
    shows(await client.companies.attachContact({ contact_id, id: acme.id }), { id: acme.id, user_count: 1 });
    all = [acme.id];
    for (let i = 0; i < 6; i++) {
      const { id } = await client.companies.createOrUpdate({ company_id: `branch-${i}`, name: `Branch ${i}` });
      await client.companies.attachContact({ contact_id, id });
      all.push(id);
    }
    assert.equal((await client.contacts.find({ contact_id })).companies.total_count, all.length);
    const attach = client.companies.attachContact({ contact_id, id: nobody });
    assert.ok((await unknownCompany(attach)) instanceof Intercom.NotFoundError);
  });

  await step("meets every company once in each list", async () => {
    met(await idsOf(client.companies.list()), all);
    met(await idsOf(client.companies.list({ per_page: 3, order: "asc" })), all);
    met(await idsOf(client.contacts.listAttachedCompanies({ contact_id })), all);
    met(await idsOf(client.contacts.listAttachedCompanies({ contact_id, per_page: 3 })), all);
    met(await idsOf(client.companies.scroll()), all);
    met(await idsOf(client.companies.scroll()), all); // the first is over
  });

  await step("lists who and what is attached to a company", async () => {
    const { data } = await client.companies.listAttachedContacts({ company_id: acme.id });
    assert.deepEqual(data.map(({ id }) => id), [contact_id]);
    shows(await client.companies.listAttachedSegments({ company_id: acme.id }), { type: "list" });
  });

  await step("tags and untags companies together", async () => {
    const tagsOf = async () => (await client.companies.find({ company_id: acme.id })).tags.tags.map(({ name }) => name);
    await client.tags.create({ name: "Customer", companies: [{ id: acme.id }, { company_id: "branch-0" }] });
    assert.deepEqual(await tagsOf(), ["Customer"]);
    await client.tags.create({ name: "Customer", companies: [{ id: acme.id, untag: true }] });
    assert.deepEqual(await tagsOf(), []);
  });

  await step("detaches and deletes", async () => {
    const detached = await client.companies.detachContact({ contact_id, company_id: acme.id });
    shows(detached, { id: acme.id, user_count: 0 });
    const deleted = await client.companies.delete({ company_id: acme.id });
    shows(deleted, { id: acme.id, object: "company", deleted: true });
    assert.ok((await unknownCompany(client.companies.find({ company_id: acme.id }))) instanceof Intercom.NotFoundError);
  });
}
