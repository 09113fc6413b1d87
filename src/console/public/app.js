// @ts-nocheck: runs in the browser; the project's types are the server's.
import { html } from './html.js';
import { morph } from './morph.js';
import { moving } from './motion.js';
import { makeSpark } from './spark.js';
import { renderKeyForm, renderOverview } from './view.js';

const KEY = 'crossdock.key';
const EVERY_MS = 1_000;
/** Without news for so long the page says that it is behind. */
const STALE_MS = 5_000;

const root = document.querySelector('#overview');
const spark = makeSpark();
let paused = false;
let heardAt = performance.now();
let latest = null;

const fragment = (markup) => {
  const shell = document.createElement('template');
  shell.innerHTML = `<div id="overview">${markup.text}</div>`;
  return shell.content.firstElementChild;
};

const show = (overview) => {
  latest = overview;
  const asked = root.querySelector('#key-form') !== null;
  moving(root, () => morph(root, fragment(renderOverview(overview))));
  // The field that had the focus is gone.
  if (asked) root.querySelector('#main').focus();
  drawLive();
  const box = root.querySelector('[data-own=spark]');
  if (box) spark(box, overview.orders.total);
};

const receive = (overview) => {
  heardAt = performance.now();
  // Nobody looks: the last one is shown when somebody does.
  if (paused || document.hidden) latest = overview;
  else show(overview);
};

const stateText = () => {
  if (paused) return 'Paused';
  return performance.now() - heardAt > STALE_MS ? 'Not up to date, trying again' : 'Live';
};

/** The state of the page itself, and its two buttons: made once, so that they keep the focus. */
const drawLive = () => {
  const box = root.querySelector('[data-own=live]');
  if (!box) return;
  if (!box.firstElementChild) {
    box.innerHTML = html`<span class="status" role="status"></span>
      <button type="button" data-do="pause">Pause</button>
      ${sessionStorage.getItem(KEY) !== null && html`<button type="button" data-do="forget">Forget key</button>`}`.text;
  }
  const status = box.querySelector('.status');
  const text = stateText();
  // Only a change is announced.
  if (status.textContent !== text) status.textContent = text;
  status.dataset.state = text === 'Live' ? 'live' : paused ? 'paused' : 'stale';
  box.querySelector('[data-do=pause]').textContent = paused ? 'Go on' : 'Pause';
};

const follow = () => {
  const source = new EventSource('/console/stream');
  source.addEventListener('overview', (event) => receive(JSON.parse(event.data)));
};

/** An event source sends no headers, so whoever has a key asks again and again. */
let round = 0;
const startPolling = (key) => poll(key, ++round);
const poll = async (key, mine) => {
  const controller = new AbortController();
  const limit = setTimeout(() => controller.abort(), 10_000);
  try {
    const answer = await fetch('/console/overview', {
      headers: { authorization: `Bearer ${key}` },
      cache: 'no-store',
      signal: controller.signal,
    });
    if (answer.status === 401 || answer.status === 403) return ask('This key is not accepted.');
    if (answer.ok) receive(await answer.json());
    else complain(`The server answered ${answer.status}. Trying again.`);
  } catch {
    // It is behind, which the page says by itself.
    complain('The server cannot be reached. Trying again.');
  } finally {
    clearTimeout(limit);
  }
  // Another key, or the same one given again, has its own loop.
  if (sessionStorage.getItem(KEY) === key && mine === round) setTimeout(poll, EVERY_MS, key, mine);
};

const complain = (sentence) => {
  const line = root.querySelector('#key-error');
  if (line && line.textContent !== sentence) line.textContent = sentence;
};

const ask = (sentence = '') => {
  sessionStorage.removeItem(KEY);
  latest = null;
  if (!root.querySelector('#key-form')) root.innerHTML = renderKeyForm().text;
  complain(sentence);
  root.querySelector('#key').focus();
};

root.addEventListener('submit', (event) => {
  event.preventDefault();
  const key = root.querySelector('#key').value.trim();
  if (key === '') return;
  sessionStorage.setItem(KEY, key);
  startPolling(key);
});

root.addEventListener('click', (event) => {
  const wish = event.target.dataset?.do;
  if (wish === 'forget') ask();
  if (wish !== 'pause') return;
  paused = !paused;
  if (!paused && latest) show(latest);
  drawLive();
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !paused && latest) show(latest);
});
setInterval(drawLive, EVERY_MS);

const key = sessionStorage.getItem(KEY);
if (document.body.dataset.live === 'stream') {
  drawLive();
  follow();
} else if (key !== null) startPolling(key);
