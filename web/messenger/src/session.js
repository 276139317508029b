import { deviceID, isRemembered, keepSessionToken, keepVisitorID, knownVisitorID, sessionToken, visitorID } from './browser.js';
import { isMinimal, maySpeak } from './consent.js';
import { countUnread, doors } from './launcher.js';
import { keepUnheard, takeUnheard } from './memory.js';
import { pageView } from './page.js';
import { claims, isOther, personIn } from './person.js';
import { send } from './send.js';
import { newUUID } from './uuid.js';
import { warn } from './warning.js';

// Milliseconds in which calls become one ping, and the same for what is in no hurry.
const soon = 25;
const later = 1000;

const quota = 20; // pings that updates may cause
const period = 30 * 60 * 1000; // in as many milliseconds

const presence = 5 * 60 * 1000; // milliseconds after which it is news that somebody is still there

const mostDeeds = 50; // that wait
const largestDeed = 9000; // characters
const largestPing = 30000;
const mostFailures = 6;

// A session lasts from boot to shutdown. A ping carries everything that is not yet answered for, so that a newer one
// replaces an older one, in whichever order they arrive, and a lost one costs nothing. One is in flight at a time, but
// for the last words of a page.
export function openSession(settings) {
  const id = newUUID();
  const listeners = [];
  let count = 0; // numbers pings and deeds alike
  let visitor = visitorID();
  let known = personIn(settings); // all that was ever said about the person
  let said = {}; // what of it is not yet answered for
  let deeds = []; // events and page views, oldest first
  let source = ''; // why the next ping goes out; empty while there is no reason
  let isNews = false; // something that no ping carried so far
  let ending = ''; // the token of a session that was closed
  let updates = 0; // that caused a ping lately
  let timer = 0;
  let flying = 0;
  let failures = 0; // in a row
  let notBefore = 0;
  let spokeAt = 0;
  let live = false;
  let person; // as the server knows whoever is there
  let open = true;
  let silent = false;

  const who = () => [visitor, known.user_id, known.email].join();
  const user = (more) => JSON.stringify({ anonymous_id: visitor || undefined, ...more, ...claims(known) });
  const proof = (more) => ({
    cc: isRemembered() ? 1 : '0',
    device_identifier: deviceID(),
    anonymous_session: ending || sessionToken(),
    user_data: user(more),
  });

  const kept = takeUnheard();
  if (kept.who === who()) {
    said = kept.said;
    kept.deeds.forEach(add);
  }

  function say(why, settings) {
    const news = personIn(settings);
    const isNew = (name) => JSON.stringify(news[name]) !== JSON.stringify(known[name]);
    // Wrappers say the same with every render: that costs nothing, so that a change finds the quota as it was.
    if (/^api/.test(why) && spokeAt && performance.now() - spokeAt < presence && !Object.keys(news).some(isNew)) return;
    known = { ...known, ...news };
    said = { ...said, ...news };
    isNews = true;
    if (why !== 'apiUpdate' || source || mayUpdate()) go(why, soon);
  }

  // What is said too often waits for a ping that goes anyway.
  function mayUpdate() {
    if (updates >= quota) return false;
    updates++;
    return setTimeout(() => updates--, period);
  }

  function add(deed) {
    deed = { ...deed, n: ++count };
    if (deeds.length >= mostDeeds || JSON.stringify(deed).length > largestDeed) return warn('an event is left out: too large or too many');
    deeds.push(deed);
    isNews = true;
    go('deeds', later);
  }

  function go(why, wait) {
    source = source || why;
    if (flying || silent || (timer && wait === later)) return;
    clearTimeout(timer);
    timer = setTimeout(ping, Math.max(wait, notBefore - performance.now()));
  }

  function ping() {
    clearTimeout(timer);
    timer = 0;
    if (silent || document.prerendering || !maySpeak(knownVisitorID(), known.user_hash || known.intercom_user_jwt)) return;
    // Another tab may have got another id for the same stranger. Nobody else's cookie says who a named user is.
    if (!visitor) visitor = visitorID();
    else if (open && isRemembered() && !known.user_id && !known.email) visitor = knownVisitorID() || visitor;
    let room = largestPing;
    const asked = visitor;
    const saying = said;
    const doing = deeds.filter((deed) => (room -= JSON.stringify(deed).length) > 0);
    const why = source;
    source = '';
    isNews = false;
    spokeAt = performance.now();
    flying++;
    send('ping', {
      s: id,
      n: ++count,
      // A ping that has no answer may still be under way, and must not count when it arrives after this one.
      u: failures || flying > 1,
      source: why,
      ...proof(saying),
      deeds: doing.length && JSON.stringify(doing),
    })
      .then((response) => {
        if (response.status === 429 || response.status > 499) throw Number(response.headers.get('Retry-After'));
        failures = 0;
        if (said === saying) said = {};
        deeds = deeds.filter((deed) => !doing.includes(deed));
        return response.json().then((answer) => hear(answer, asked), () => {});
      })
      .catch((wait) => {
        source = why;
        isNews = true;
        const pause = 3 * 2 ** failures++ * (0.75 + Math.random() / 2);
        notBefore = performance.now() + (wait > 0 ? Math.min(wait, 3600) : pause) * 1000;
      })
      .then(() => {
        flying--;
        if (failures < mostFailures && (source || deeds.length)) go('deeds', soon);
      });
  }

  // Who was forgotten in the meantime is not brought back.
  function hear(answer, asked) {
    (answer.errors || []).forEach((error) => warn(error.message));
    if (!open || asked !== visitor) return;
    silent = answer.disabled;
    if (!answer.user) return;
    if (answer.user.anonymous_id !== visitor) visitor = keepVisitorID(answer.user.anonymous_id);
    keepSessionToken(answer.anonymous_session, known.session_duration);
    if (person && person !== answer.user.id && doors.renew) doors.renew();
    person = answer.user.id;
    if (answer.unread >= 0) countUnread(answer.unread);
    live = true;
    listeners.splice(0).forEach((listener) => setTimeout(listener));
  }

  return {
    say,
    add,

    visitor: () => visitor || undefined,

    isOther: (settings) => isOther(known, settings),

    see(title) {
      const view = !isMinimal && pageView(title);
      if (view) add(view);
    },

    whenLive(listener) {
      if (live) setTimeout(listener);
      else listeners.push(listener);
    },

    // Asks about the conversations of whoever is there. It waits for the first answer, and so for a consent.
    async ask(path, fields, stop) {
      await new Promise((go) => this.whenLive(go));
      if (!open) throw path;
      return send(path, { ...proof(), ...fields }, stop);
    },

    // What kept it from speaking may be over.
    wake() {
      notBefore = failures = 0;
      if (source) go(source, soon);
    },

    // What waits leaves now: the page or the person is going away.
    flush() {
      if (isNews) ping();
    },

    keep() {
      if ((failures || !navigator.onLine) && isRemembered()) keepUnheard({ who: who(), said, deeds });
    },

    // Answers that come later are no longer about who is there.
    close(isLogout) {
      ending = sessionToken();
      if (isLogout && ending) {
        source = 'shutdown';
        isNews = true;
      }
      this.flush();
      open = false;
    },

    forget() {
      visitor = '';
      said = {};
      deeds = [];
    },

    optOut() {
      if (visitor) send('opt_out', { user_data: user() }).catch(() => {});
    },
  };
}
