// Every policy that a site may have lets the script, its form and the pictures work: how the script is put into the page,
// content security policies, trusted types, isolation, sandboxed frames, and a permissions policy that allows nothing.
import assert from 'node:assert/strict';
import { app, call, inBrowser, lobby, readVisitor, rest, within } from './browser.mjs';

await rest('PUT', '/lobby/v1/settings', { email_form: true });

const src = `${lobby}/widget/${app}`;
const picture = `${lobby}/avatars/pseudonym/red-duck.png`;
const nonce = 'bm9uY2U';
const settings = `<script nonce="${nonce}">window.intercomSettings = ${JSON.stringify({ app_id: app, plan: 'strict' })}</script>`;
const page = (tag) => `<!doctype html><meta charset="utf-8"><body>${settings}${tag}<img id="plain" src="${picture}"><img id="cors" crossorigin src="${picture}">`;
const csp = (script, more = '') => ({
  'Content-Security-Policy': `default-src 'none'; script-src ${script}; connect-src ${lobby}; img-src ${lobby}; base-uri 'none'; form-action 'none'${more}`,
});
const types = `; require-trusted-types-for 'script'; trusted-types 'none'`;
const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin' };
const features = 'camera geolocation microphone payment usb storage-access sync-xhr unload fullscreen autoplay clipboard-write'.split(' ');
const tag = (attributes) => `<script ${attributes} nonce="${nonce}" src="${src}"></script>`;

const cases = {
  'no policy': [tag('async'), {}],
  crossorigin: [tag('async crossorigin'), {}],
  module: [tag('type="module"'), {}],
  'module with a nonce': [tag('type="module"'), csp(`'nonce-${nonce}'`)],
  'module with a host': [tag('type="module"'), csp(`${lobby} 'nonce-${nonce}'`)],
  nonce: [tag('async'), csp(`'nonce-${nonce}'`)],
  'strict-dynamic': [tag('defer'), csp(`'nonce-${nonce}' 'strict-dynamic'`)],
  host: [tag('async'), csp(`${lobby} 'nonce-${nonce}'`)],
  'trusted types': [tag('async'), csp(`'nonce-${nonce}' 'strict-dynamic'`, types)],
  'trusted types with a host': [tag('async'), csp(`${lobby} 'nonce-${nonce}'`, types)],
  'require-corp': [tag('async'), { ...isolated, 'Cross-Origin-Embedder-Policy': 'require-corp' }],
  'require-corp, crossorigin': [tag('async crossorigin="anonymous"'), { ...isolated, 'Cross-Origin-Embedder-Policy': 'require-corp' }],
  credentialless: [tag('async'), { ...isolated, 'Cross-Origin-Embedder-Policy': 'credentialless' }],
  'no permissions': [tag('async'), { 'Permissions-Policy': features.map((feature) => feature + '=()').join(', ') }],
  'no referrer': [tag('async'), { 'Referrer-Policy': 'no-referrer' }],
  everything: [
    tag('async crossorigin'),
    {
      ...csp(`'nonce-${nonce}' 'strict-dynamic'`, types),
      ...isolated,
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Permissions-Policy': features.map((feature) => feature + '=()').join(', '),
      'Referrer-Policy': 'no-referrer',
    },
  ],
};

// Works in a frame as in a page.
async function works(frame) {
  const id = await within(5000, () => frame.evaluate(() => window.Intercom && window.Intercom('getVisitorId')));
  const visitor = await within(5000, async () => {
    const found = await readVisitor(id);
    return found.status === 200 && found;
  });
  assert.deepEqual(visitor.custom_attributes, { plan: 'strict' });
  for (const image of ['plain', 'cors']) {
    const loaded = () => frame.evaluate((image) => document.getElementById(image).complete && document.getElementById(image).naturalWidth, image);
    await within(5000, loaded);
  }
  await frame.evaluate(() => window.Intercom('show'));
  const field = frame.getByLabel('Your email address');
  await field.waitFor();
  await field.fill('ada@example.com');
  await field.press('Enter');
  await within(5000, async () => (await rest('GET', '/contacts/' + visitor.id)).email === 'ada@example.com');
}

for (const [name, given] of Object.entries(cases)) {
  await inBrowser(
    async ({ page: tab, site }) => {
      const complaints = [];
      tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
      site.pages['/'] = page(given[0]);
      await tab.goto(site.url);
      try {
        await works(tab.mainFrame());
        assert.deepEqual(complaints.filter((text) => !/favicon|Permissions-Policy|Unrecognized feature/.test(text)), []);
      } catch (error) {
        console.error(name, complaints);
        throw error;
      }
      await call(tab, 'shutdown');
    },
    { headers: given[1] },
  );
}

// Frames without an origin of their own, by address and by text.
for (const sandbox of ['allow-scripts', 'allow-scripts allow-same-origin', 'allow-scripts allow-forms']) {
  await inBrowser(async ({ page: tab, site }) => {
    site.pages['/framed'] = page(tag('async'));
    site.pages['/'] = `<!doctype html><iframe sandbox="${sandbox}" src="/framed"></iframe>`;
    await tab.goto(site.url);
    await works(await within(5000, () => tab.frames().find((each) => each !== tab.mainFrame())));
    const text = page(tag('type="module"')).replaceAll('"', '&quot;');
    await tab.context().clearCookies(); // the visitor has become a lead
    site.pages['/text'] = `<!doctype html><iframe sandbox="${sandbox}" srcdoc="${text}"></iframe>`;
    await tab.goto(site.url + '/text');
    await works(await within(5000, () => tab.frames().find((each) => each !== tab.mainFrame())));
  });
}

await rest('PUT', '/lobby/v1/settings', { email_form: false });
