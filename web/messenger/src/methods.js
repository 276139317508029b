import { app } from './config.js';
import { openSession } from './session.js';
import { forgetVisitorID } from './visitor.js';

const early = []; // what waits for the first boot
let session;
let ended = false;

const appIn = (settings) => settings && (settings.app_id || settings.appId);

function withSession(act) {
  if (session) act(session);
  else early.push(act);
}

// Some wrappers boot without an app id and rely on the global settings.
function boot(settings) {
  const all = Object.assign({}, window.intercomSettings, settings);
  if (appIn(all) && appIn(all) !== app) {
    console.warn(`Intercom: this script serves the app ${app}, not ${appIn(all)}`);
    return;
  }
  session = session || openSession();
  session.say('apiBoot', all);
  early.splice(0).forEach((act) => act(session));
}

// Loaders that find the function present update instead of booting.
function update(settings) {
  if (session) session.say('apiUpdate', settings);
  else if (!ended && (appIn(settings) || appIn(window.intercomSettings))) boot(settings);
}

// With false the page goes away, not the person.
function shutdown(logout) {
  if (session) session.close();
  session = undefined;
  ended = true;
  if (logout !== false) forgetVisitorID();
}

function trackEvent(name, metadata) {
  if (typeof name !== 'string' || ended && !session) return;
  const event = { event_name: name, created_at: Math.floor(Date.now() / 1000) };
  if (metadata) event.metadata = JSON.stringify(metadata);
  withSession((current) => current.track(event));
}

function ready(listener) {
  if (typeof listener === 'function') withSession((current) => current.whenLive(listener));
}

// There are no conversations, so nothing is ever unread.
function onUnreadCountChange(listener) {
  if (typeof listener === 'function') listener(0);
}

const methods = Object.assign(Object.create(null), {
  boot,
  update,
  shutdown,
  trackEvent,
  ready,
  onUnreadCountChange,
  getVisitorId: () => session && session.visitor(),
  whoami: () => ({}),
});

// What a page calls as Intercom(…). It never throws: a page must work without us.
export function Intercom(name, ...args) {
  try {
    if (methods[name]) return methods[name](...args);
  } catch (error) {
    console.error('Intercom:', error);
  }
}

export function flush() {
  if (session) session.flush();
}
