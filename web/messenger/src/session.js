import { identityIn, personIn } from './person.js';
import { send } from './send.js';
import { deviceID, keepDeviceID, keepVisitorID, visitorID } from './visitor.js';

const merging = 25; // milliseconds in which calls become one ping

// A session lasts from boot to shutdown. Requests that leave together arrive in any order, so one ping is in flight at
// a time, and what is said meanwhile becomes the next.
export function openSession() {
  const identity = {};
  const events = [];
  const listeners = [];
  let visitor = visitorID();
  let said = {};
  let source = ''; // why the next ping goes out; empty while there is no reason
  let installation = '';
  let timer = 0;
  let flying = 0;
  let live = false;
  let open = true;

  function say(why, settings) {
    settings = settings || {};
    source = source || why;
    installation = settings.installation_type || installation;
    Object.assign(identity, identityIn(settings));
    Object.assign(said, personIn(settings));
    schedule();
  }

  function schedule() {
    if (open && source && !flying && !timer) timer = setTimeout(ping, merging);
  }

  const self = (more) => JSON.stringify(Object.assign({ anonymous_id: visitor }, more, identity));

  function ping() {
    clearTimeout(timer);
    timer = 0;
    if (!open || !source) return;
    const saying = said;
    const fields = {
      user_data: self(saying),
      source,
      installation_type: installation,
      device_identifier: deviceID(),
    };
    said = {};
    source = '';
    flying++;
    // What did not arrive goes with the next ping, under what is said by then.
    const failed = () => (said = Object.assign(saying, said));
    send('ping', fields)
      .then((response) => (response.status === 429 || response.status > 499 ? failed() : response.json().then(hear)))
      .catch(failed)
      .then(() => {
        flying--;
        schedule();
      });
  }

  function hear(answer) {
    if (!open) return;
    if (answer.disabled) open = false;
    if (answer.errors) console.warn('Intercom: ' + answer.errors.map((error) => error.message).join(', '));
    if (!answer.user) return;
    if (answer.user.anonymous_id !== visitor) visitor = keepVisitorID(answer.user.anonymous_id);
    keepDeviceID();
    live = true;
    tell();
    listeners.splice(0).forEach((listener) => setTimeout(listener));
  }

  function tell() {
    events.splice(0).forEach((event) => send('events', Object.assign({ user_data: self() }, event)).catch(() => {}));
  }

  return {
    say,

    visitor: () => visitor,

    // Events wait for the first answer: it may replace the id that they are told of.
    track(event) {
      events.push(event);
      if (live) tell();
    },

    whenLive(listener) {
      if (live) setTimeout(listener);
      else listeners.push(listener);
    },

    // What waits leaves now: the page or the person is going away.
    flush() {
      if (!open) return;
      ping();
      tell();
    },

    // Answers that come later are no longer about who is there.
    close() {
      this.flush();
      open = false;
    },
  };
}
