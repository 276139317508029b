import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

export const lobby = process.env.LOBBY_URL;
export const token = process.env.LOBBY_TOKEN;
export const secret = process.env.LOBBY_SECRET; // proves users
export const app = 'demo1234';

// Chromium without a screen calls itself headless, which is a robot's name.
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

// Runs a story in a fresh browser. No request may leave this machine, and no page may fail. A story may ask for another
// context, and for headers with its pages.
export async function inBrowser(story, { headers = {}, ...options } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.LOBBY_CHROMIUM,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost',
    ],
  });
  const context = await browser.newContext({ userAgent, locale: 'de-DE', timezoneId: 'Europe/Berlin', ...options });
  const requests = [];
  const wrong = [];
  const isHere = (request) => /^(127\.0\.0\.1|.*\.localhost)$/.test(new URL(request.url()).hostname);
  context.on('request', (request) => {
    requests.push(request);
    if (!isHere(request)) wrong.push('a request left: ' + request.url());
  });
  await context.route('**/*', (route) => (isHere(route.request()) ? route.continue() : route.abort()));
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    Object.keys(headers).forEach((name) => response.setHeader(name, headers[name]));
    response.end(site.pages[request.url.split('?')[0]] || '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const site = { port: server.address().port, pages: {} };
  site.url = `http://127.0.0.1:${site.port}`;
  const page = await context.newPage();
  page.on('pageerror', (error) => wrong.push('the page failed: ' + error));
  try {
    await story({ page, context, site, requests });
    assert.deepEqual(wrong, []);
  } finally {
    await browser.close();
    server.close();
  }
}

// The classic snippet as sites have it, but for the host.
export const snippet = (settings) => `<!doctype html><title>Shop</title><script>
  window.intercomSettings = ${JSON.stringify({ app_id: app, ...settings })};
</script><script>
  (function(){var w=window;var ic=w.Intercom;if(typeof ic==="function"){ic('reattach_activator');
  ic('update',w.intercomSettings);}else{var d=document;var i=function(){i.c(arguments);};i.q=[];
  i.c=function(args){i.q.push(args);};w.Intercom=i;var l=function(){var s=d.createElement('script');
  s.type='text/javascript';s.async=true;s.src='${lobby}/widget/${app}';
  var x=d.getElementsByTagName('script')[0];x.parentNode.insertBefore(s,x);};
  if(d.readyState==='complete'){l();}else{w.addEventListener('load',l,false);}}})();
</script>`;

// The REST API: the status and the answer.
export async function rest(method, path, body) {
  const response = await fetch(lobby + path, {
    method,
    headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, ...(await response.json()) };
}

export const readVisitor = (id) => rest('GET', '/visitors?user_id=' + id);

// Returns what look returns as soon as it is something. It fails when that takes far longer than the usual milliseconds: a
// machine that is busy with other things may take its time.
export async function within(usual, look) {
  const milliseconds = Math.max(10 * usual, 60000);
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert(Date.now() < end, `not within ${milliseconds} ms: ${look}`);
    await new Promise((later) => setTimeout(later, 20));
  }
}

// The visitor that a page has become, as the server knows it after some time at most.
export async function arrived(page, milliseconds = 5000) {
  const id = await within(10000, () => page.evaluate(() => window.Intercom('getVisitorId')));
  return within(milliseconds, async () => {
    const visitor = await readVisitor(id);
    return visitor.status === 200 && visitor;
  });
}

// What the pings among some requests said.
export const pings = (requests) =>
  requests
    .filter((request) => request.url() === lobby + '/messenger/web/ping')
    .map((request) => {
      const form = Object.fromEntries(new URLSearchParams(request.postData()));
      return { ...form, n: Number(form.n), user_data: JSON.parse(form.user_data), deeds: JSON.parse(form.deeds || '[]') };
    });

// The events and page views that some requests told of, each once.
export function deeds(requests, key) {
  const all = new Map();
  for (const ping of pings(requests)) ping.deeds.forEach((deed) => deed[key] && all.set(ping.s + deed.n, deed));
  return [...all.values()];
}

export const call = (page, ...args) => page.evaluate((args) => window.Intercom(...args), args);

export const pause = (milliseconds) => new Promise((later) => setTimeout(later, milliseconds));

// Serves the script with another policy in its first line, as a workspace may have it.
export const configure = (context, policy) =>
  context.route('**/widget/' + app, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('{', '{' + JSON.stringify(policy).slice(1, -1) + ',');
    await route.fulfill({ response, body });
  });
