import { forgetAll, forgetVisitor } from './browser.js';
import { api, app } from './config.js';
import { decide, optOut } from './consent.js';
import { countUnread, doors, hide, listen, onUnreadCountChange, show } from './launcher.js';
import { unseePage } from './page.js';
import { seconds } from './send.js';
import { openSession } from './session.js';
import { newUUID } from './uuid.js';
import { warn } from './warning.js';

const early = []; // what waits for the first boot
export let session;
let ended = false;

const asObject = (settings) => (Object(settings) === settings && !Array.isArray(settings) ? settings : {});
const globalSettings = () => asObject(window.intercomSettings);

export const hasApp = () => globalSettings().app_id;

function withSession(act) {
  if (session) act(session);
  else early.push(act);
}

// Some wrappers boot without an app id and rely on the global settings.
function boot(settings) {
  const all = { ...globalSettings(), ...asObject(settings) };
  if (all.app_id && all.app_id !== app) warn('this is the app ' + app);
  else tell('apiBoot', all);
}

function tell(why, settings) {
  consent(settings.cookie_consent);
  if (session && session.isOther(settings)) shutdown();
  session = session || openSession(settings);
  session.say(why, settings);
  if (why === 'apiBoot' || settings.page_title) session.see(settings.page_title);
  early.splice(0).forEach((act) => act(session));
}

// Loaders that find the function present say this and update instead of booting, also after a shutdown.
function reattach() {
  ended = false;
}

function update(settings) {
  settings = asObject(settings);
  if (session) tell('apiUpdate', settings);
  else if (!ended && (settings.app_id || hasApp())) boot(settings);
}

// With false the page goes away, not the person.
function shutdown(logout) {
  const isLogout = logout !== false;
  hide(true);
  countUnread(0);
  if (session) session.close(isLogout);
  session = undefined;
  if (!isLogout) return;
  ended = true;
  early.splice(0);
  forgetVisitor();
  unseePage();
}

function trackEvent(name, metadata) {
  if (typeof name !== 'string') return warn('an event is left out: it has no name');
  if (ended && !session) return;
  const at = seconds();
  const copy = metadata && JSON.parse(JSON.stringify(metadata));
  withSession((current) => current.add({ event_name: name, created_at: at, metadata: copy }));
}

function ready(listener) {
  if (typeof listener === 'function') withSession((current) => current.whenLive(listener));
}

// What a visitor typed proves nothing. It is for a lead, not for a user.
function supplyEmail(email) {
  if (session && typeof email === 'string') session.say('emailForm', { supplied_email: email });
}

function consent(answer) {
  const given = decide(answer);
  if (given === false) forget();
  if (given && session) session.say('consent', {});
}

function forget() {
  forgetAll();
  if (session) session.forget();
}

const methods = {
  __proto__: null,
  boot,
  update,
  shutdown,
  reattach_activator: reattach,
  trackEvent,
  ready,
  onUnreadCountChange,
  getVisitorId: () => session && session.visitor(),
  whoami: () => ({}),

  showSpace: (name) => /^(home|messages)$/.test(name) && show('showMessages'),
  hide: () => hide(),
  onShow: listen('onShow'),
  onHide: listen('onHide'),
  onUserEmailSupplied: listen('onUserEmailSupplied'),

  // Intercom has nothing like these.
  supplyEmail,
  consent,
  optOut() {
    if (session) session.optOut();
    forget();
    optOut();
  },
};

['show', 'showMessages', 'showNewMessage', 'startConversation', 'showConversation'].forEach(
  (name) => (methods[name] = (text) => show(name, text)),
);

// What conversations need of the script.
doors.ask = async (...request) => session.ask(...request);
doors.api = api;
doors.unread = countUnread;
doors.uuid = newUUID;

// What a page calls as Intercom(…). It never throws: a page must work without us.
export function Intercom(name, ...args) {
  try {
    if (methods[name]) return methods[name](...args);
  } catch (error) {
    console.error('Intercom:', error);
  }
}

// Whether the script is there, for sites that ask.
Intercom.booted = false;
