// Companies: lists whose pages link to each other, and the scroll, which goes on until a page is empty.
import assert from "node:assert/strict";
import { met, nobody, unknownCompany } from "../crowd.mjs";
import { refused, shows, step } from "../story.mjs";

export async function companies(client) {
  const { id: contactId } = await client.contacts.createUser({ email: "carl@example.com" });
  const companyId = "acme-1";
  let acme, all;

  // walk follows the links for as long as there is one.
  const walk = async (first) => {
    const ids = [];
    for (let page = await first; ; page = await client.nextPage(page.pages)) {
      ids.push(...page.data.map(({ id }) => id));
      if (page.pages.next === null) return ids;
    }
  };

  await step("creates a company, and updates it by its company_id and by its id", async () => {
    acme = await client.companies.create({ companyId, name: "Acme", plan: "Pro", monthlySpend: 155 });
    shows(acme, { type: "company", company_id: companyId, name: "Acme", monthly_spend: 155, user_count: 0 });
    shows(acme.plan, { type: "plan", name: "Pro" });
    const updated = await client.companies.create({ companyId, name: "Acme Inc.", industry: "Anvils" });
    shows(updated, { id: acme.id, name: "Acme Inc.", monthly_spend: 155, industry: "Anvils" });
    acme = await client.companies.update({ companyId: acme.id, size: 7 });
    shows(acme, { id: updated.id, company_id: companyId, name: "Acme Inc.", size: 7 });
  });

  await step("finds it by company_id and name: the company itself, not a list", async () => {
    assert.deepEqual(await client.companies.find({ companyId }), acme);
    assert.deepEqual(await client.companies.find({ name: "Acme Inc." }), acme);
  });

  await step("is told that a company is missing, and what is wrong with one", async () => {
    await unknownCompany(client.companies.find({ companyId: "nope-1" }));
    await unknownCompany(client.companies.find({ name: "Nope" }));
    await unknownCompany(client.companies.delete({ id: nobody }));
    const message = "Custom attribute 'nope' does not exist";
    await refused(client.companies.create({ companyId, customAttributes: { nope: 1 } }), 400, "parameter_invalid", message);
  });

  await step("attaches a contact to companies", async () => {
    shows(await client.companies.attachContact({ contactId, companyId: acme.id }), { id: acme.id, user_count: 1 });
    all = [acme.id];
    for (let i = 0; i < 6; i++) {
      const { id } = await client.companies.create({ companyId: `branch-${i}`, name: `Branch ${i}` });
      await client.companies.attachContact({ contactId, companyId: id });
      all.push(id);
    }
    assert.equal((await client.contacts.find({ id: contactId })).companies.total_count, all.length);
    await unknownCompany(client.companies.attachContact({ contactId, companyId: nobody }));
  });

  await step("meets every company once in each list", async () => {
    met(await walk(client.companies.list({})), all);
    met(await walk(client.companies.list({ perPage: 3, order: "asc" })), all);
    met(await walk(client.contacts.listAttachedCompanies({ id: contactId, perPage: 3 })), all);
    const beyond = await client.companies.list({ page: 9, perPage: 3 });
    shows(beyond, { data: [], total_count: all.length });
    const ids = (companies) => companies.map(({ id }) => id);
    met(ids(await client.companies.scroll.each({})), all);
    met(ids((await client.companies.scroll.next({})).data), all); // the first is over
  });

  await step("is told that the other scroll is still open", async () => {
    await refused(client.companies.scroll.next({}), 400, "scroll_exists", "scroll already exists for this app");
  });

  await step("lists who and what is attached to a company", async () => {
    const { data } = await client.companies.listAttachedContacts({ companyId: acme.id, page: 1, perPage: 10 });
    assert.deepEqual(data.map(({ id }) => id), [contactId]);
    shows(await client.companies.listAttachedSegments({ companyId: acme.id }), { type: "list" });
  });

  await step("tags and untags companies together", async () => {
    const tagsOf = async () => (await client.companies.find({ companyId })).tags.tags.map(({ name }) => name);
    const tagName = "Customer";
    await client.tags.tagCompanies({ tagName, companiesIds: [acme.id, all[1]] });
    assert.deepEqual(await tagsOf(), [tagName]);
    await client.tags.untagCompanies({ tagName, companiesIds: [acme.id] });
    assert.deepEqual(await tagsOf(), []);
  });

  await step("detaches and deletes", async () => {
    const detached = await client.companies.detachContact({ contactId, companyId: acme.id });
    shows(detached, { id: acme.id, user_count: 0 });
    shows(await client.companies.delete({ id: acme.id }), { id: acme.id, object: "company", deleted: true });
    await unknownCompany(client.companies.find({ companyId }));
  });
}
