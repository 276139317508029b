import { app } from './config.js';
import { clearCookie, readCookie, writeCookie } from './cookie.js';
import { isUUID, newUUID } from './uuid.js';

const idCookie = 'intercom-id-' + app;
const deviceCookie = 'intercom-device-id-' + app;

let device; // for browsers that keep no cookies

// Answers the id of whoever has this browser, a new one if need be.
export function visitorID() {
  const known = readCookie(idCookie);
  return isUUID(known) ? known : keepVisitorID(newUUID());
}

export function keepVisitorID(id) {
  writeCookie(idCookie, id);
  return id;
}

export function forgetVisitorID() {
  clearCookie(idCookie);
}

export function deviceID() {
  const known = readCookie(deviceCookie);
  return (device = isUUID(known) ? known : device || newUUID());
}

export function keepDeviceID() {
  writeCookie(deviceCookie, deviceID());
}
