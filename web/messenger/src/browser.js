import { app } from './config.js';
import { mayRemember } from './consent.js';
import { clearCookie, readCookie, writeCookie } from './cookie.js';
import { isUUID, newUUID } from './uuid.js';

// What a browser keeps from page to page: whose it is, which one it is, and the token of its session as a user.
const visitorCookie = 'intercom-id-' + app;
const deviceCookie = 'intercom-device-id-' + app;
const sessionCookie = 'intercom-session-' + app;
const week = 7 * 24 * 60 * 60; // seconds

function idIn(name) {
  const known = readCookie(name);
  return isUUID(known) ? known : '';
}

export const knownVisitorID = () => idIn(visitorCookie);

export const isRemembered = () => mayRemember(knownVisitorID());

// Answers whom the cookie names, for another nine months, or somebody new; '' when nobody may be remembered.
export const visitorID = () => (isRemembered() ? keepVisitorID(knownVisitorID() || newUUID()) : '');

export function keepVisitorID(id) {
  if (isRemembered()) writeCookie(visitorCookie, id);
  return id;
}

let device = ''; // for browsers that lose their cookies

// Each time is a new nine months for it, too.
export function deviceID() {
  if (!isRemembered()) return '';
  device = idIn(deviceCookie) || device || newUUID();
  writeCookie(deviceCookie, device);
  return device;
}

export const sessionToken = () => readCookie(sessionCookie);

export function keepSessionToken(value, milliseconds) {
  if (value && isRemembered()) writeCookie(sessionCookie, value, milliseconds > 0 ? Math.ceil(milliseconds / 1000) : week);
  else if (sessionToken()) clearCookie(sessionCookie);
}

// The device stays: it tells of abuse, not of a person.
export function forgetVisitor() {
  clearCookie(visitorCookie);
  clearCookie(sessionCookie);
}

export function forgetAll() {
  forgetVisitor();
  clearCookie(deviceCookie);
  device = '';
}
