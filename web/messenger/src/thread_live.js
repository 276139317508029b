const first = 8000; // milliseconds in which a stream must have begun: something on the way may keep it back
const silence = 40000; // after which it is dead: the server sends something every 15 seconds
const pause = 5000; // between questions while there is no stream
const longest = 60000;
const questions = 6; // before a stream is tried again

const thread = /** @type {LobbyThread} */ (window.__lobby.thread);

let watching; // whoever is told, while somebody is
let stop; // of the stream or the pause that goes on

// Tells hear of the list of conversations whenever it has become another one: by a stream or, where there can be none, by
// asking again and again. It rests while nobody looks at the page.
export function watch(hear) {
  if (watching) return;
  watching = hear;
  document.addEventListener('visibilitychange', again);
  run(hear);
}

export function unwatch() {
  watching = undefined;
  document.removeEventListener('visibilitychange', again);
  again();
}

// Begins anew: for somebody else, or because the page is looked at again.
export function again() {
  if (stop) stop.abort();
}

async function run(hear) {
  let failures = 0;
  for (let left = 0; watching === hear; left--) {
    const mine = (stop = new AbortController());
    if (document.hidden) {
      await wait(mine);
      left = 0;
    } else if (left <= 0 && (await stream(hear, mine))) {
      failures = 0;
      await wait(mine, Math.random() * 1000);
      left = 0;
    } else {
      if (left <= 0) left = questions;
      failures = (await ask(hear)) ? 0 : failures + 1;
      if (!mine.signal.aborted) await wait(mine, Math.min(pause * 2 ** failures, longest));
    }
  }
}

// Waits for some time, or until it is stopped.
const wait = ({ signal }, milliseconds = -1) =>
  new Promise((done) => {
    if (signal.aborted) done(0);
    signal.addEventListener('abort', done);
    if (milliseconds >= 0) setTimeout(done, milliseconds);
  });

async function ask(hear) {
  try {
    const response = await thread.ask('conversations');
    if (response.ok) tell(hear, await response.json());
    return response.ok;
  } catch {}
}

function tell(hear, list) {
  if (watching === hear) hear(list);
}

// Answers whether the stream has ever said anything.
async function stream(hear, mine) {
  let timer = setTimeout(() => mine.abort(), first);
  let began = false;
  try {
    const response = await thread.ask('live', {}, mine);
    const reader = response.ok && response.body && response.body.getReader();
    const decoder = new TextDecoder();
    let text = '';
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      timer = setTimeout(() => mine.abort(), silence);
      const pieces = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = pieces.pop() || '';
      pieces.forEach((piece) => {
        if (!piece.startsWith('data: ')) return;
        began = true;
        tell(hear, JSON.parse(piece.slice(6)));
      });
    }
  } catch {}
  clearTimeout(timer);
  return began;
}
