import { app, config } from './config.js';
import { clearCookie, readCookie, writeCookie } from './cookie.js';

const optOutCookie = 'intercom-opt-out-' + app;

let isGiven; // what the page said of its visitor's consent, if anything
let isOut = readCookie(optOutCookie);

const gpc = navigator.globalPrivacyControl;
const dnt = navigator.doNotTrack === '1';
const policy = (gpc && config.gpc) || (dnt && config.dnt);

// What the browser itself asks for.
export const wantsNoTracking = gpc || dnt;

// The least that can be told: nothing of the way here, nothing of the pages, nothing that stays.
export const isMinimal = policy === 'minimal';

const isCookieless = isMinimal || config.cookies === 'never';
const isSilent = () => isOut || policy === 'drop';

// Intercom's own settings know nothing like it: true or 'granted', false or 'denied'. Answers what is new in that.
export function decide(answer) {
  const given = { __proto__: null, true: true, granted: true, false: false, denied: false }[answer];
  if (given === undefined || (given === isGiven && !isOut)) return;
  if (given && isOut) {
    isOut = '';
    clearCookie(optOutCookie);
  }
  return (isGiven = given);
}

// The one thing that a browser has to remember without being asked is that it is not to be remembered.
export function optOut() {
  isOut = '1';
  writeCookie(optOutCookie, isOut);
}

// Where consent is asked for, a cookie that is there is the memory of having been given it.
export const mayRemember = (knownID) =>
  !isSilent() && !isCookieless && (isGiven === undefined ? config.cookies !== 'ask' || !!knownID : isGiven);

// A user whose site proves who it is needs no cookie to be told apart.
export const maySpeak = (knownID, isProven) =>
  !isSilent() && (isProven || mayRemember(knownID) || (isCookieless && isGiven !== false));
