// Whatever a package from npm calls from its start through sign-in, change of route, sign-out, another sign-in and its end,
// the right person is on the server.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { app, arrived, inBrowser, lobby, pause, pings, readVisitor, rest, secret, within } from './browser.mjs';

const bundle = await readFile(process.env.LOBBY_WRAPPERS, 'utf8');
const user = (id, more) => ({ user_id: id, user_hash: createHmac('sha256', secret).update(id).digest('hex'), ...more });

const find = async (id) => {
  const { data } = await rest('POST', '/contacts/search', { query: { field: 'external_id', operator: '=', value: id } });
  return data[0];
};

// What the classic snippet does each time that it is run.
const snippet = `() => {
  const ic = window.Intercom;
  if (typeof ic !== 'function') throw Error('the script is not there');
  ic('reattach_activator');
  ic('update', window.intercomSettings);
}`;

await inBrowser(async ({ page, context, site, requests }) => {
  site.pages['/wrappers.js'] = bundle;
  site.pages['/'] = `<!doctype html><script src="${lobby}/widget/${app}"></script><body><script src="/wrappers.js"></script>`;
  await page.goto(site.url);
  const names = await page.evaluate(() => Object.keys(Wrappers.sites));
  assert(names.length > 10);
  for (const name of process.env.LOBBY_SITE ? [process.env.LOBBY_SITE] : names) {
    await context.clearCookies();
    requests.length = 0;
    await page.goto(site.url);
    // The calls are recorded, so that a failure shows them. The prototype has the function, too.
    await page.evaluate(() => {
      window.calls = [];
      const original = window.Intercom;
      const recorder = (...args) => {
        window.calls.push(args);
        return original(...args);
      };
      window.Intercom = Object.getPrototypeOf(window).Intercom = Object.assign(recorder, original);
    });
    const does = (step, ...args) => page.evaluate(([step, args]) => window.site[step](...args), [step, args]);
    const ada = 'ada-' + name;
    const bob = 'bob-' + name;
    try {
      await page.evaluate(async ([name, app, snippet]) => (window.site = await Wrappers.sites[name](app, eval(snippet))), [name, app, snippet]);
      const stranger = await arrived(page);
      await does('login', user(ada, { plan: 'pro' }));
      const first = await within(5000, () => find(ada));
      assert.equal(first.custom_attributes.plan, 'pro');
      await within(5000, async () => (await readVisitor(stranger.user_id)).status === 404);

      // Renders and routes without news cost nothing, and the change behind them is not late.
      const before = pings(requests).length;
      for (let i = 0; i < 25; i++) {
        await does('login', user(ada, { plan: 'pro' }));
        await does('route');
        await pause(30);
      }
      assert(pings(requests).length - before < 3, `${pings(requests).length - before} pings without news`);
      await does('login', user(ada, { plan: 'gold' }));
      await within(3000, async () => (await find(ada)).custom_attributes.plan === 'gold');

      // Somebody new after the sign-out, and then another user.
      await does('logout');
      const next = await within(5000, async () => {
        const id = await page.evaluate(() => window.Intercom('getVisitorId'));
        return id && id !== stranger.user_id && (await readVisitor(id)).status === 200 && id;
      });
      await does('login', user(bob, { plan: 'free' }));
      const second = await within(5000, () => find(bob));
      assert.equal(second.custom_attributes.plan, 'free');
      await within(5000, async () => (await readVisitor(next)).status === 404);

      // The first comes back, without a sign-out between.
      await does('login', user(ada, { plan: 'silver' }));
      await within(5000, async () => (await find(ada)).custom_attributes.plan === 'silver');
      assert.equal((await find(bob)).custom_attributes.plan, 'free');
      assert.equal((await find(ada)).id, first.id);
      await does('end');
      await within(5000, async () => !(await page.evaluate(() => window.Intercom('getVisitorId'))));
    } catch (error) {
      console.error(name, JSON.stringify(await page.evaluate(() => window.calls.slice(-30))));
      throw error;
    }
  }
});
