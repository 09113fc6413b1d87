// @ts-nocheck: runs in the browser; the project's types are the server's.
import { renderCase, renderCases, renderNoCase } from './cases.js';
import { morph } from './morph.js';
import { renderKeyForm } from './view.js';

const KEY = 'crossdock.key';
const EVERY_MS = 5_000;

const root = document.querySelector('#page');
const address = `/console${location.pathname.replace(/\/+$/, '')}`;
const id = /^\/cases\/(.+)$/.exec(location.pathname)?.[1];
const open = document.body.dataset.live === 'open';
let drawn = open;

const draw = (markup) => {
  const shell = document.createElement('template');
  shell.innerHTML = `<div id="page">${markup.text}</div>`;
  const asked = root.querySelector('#key-form') !== null;
  if (asked || !drawn) root.innerHTML = markup.text;
  else morph(root, shell.content.firstElementChild);
  drawn = true;
  if (asked) root.querySelector('#main').focus();
};

const complain = (sentence) => {
  const line = root.querySelector('#key-error');
  if (line && line.textContent !== sentence) line.textContent = sentence;
};

const ask = (sentence = '') => {
  sessionStorage.removeItem(KEY);
  if (!root.querySelector('#key-form')) root.innerHTML = renderKeyForm({ title: 'Export cases' }).text;
  complain(sentence);
  root.querySelector('#key').focus();
};

const keyOf = () => sessionStorage.getItem(KEY);
const headers = () => (keyOf() === null ? {} : { authorization: `Bearer ${keyOf()}` });

let round = 0;
const look = async (mine = ++round) => {
  const again = () => mine === round && setTimeout(look, EVERY_MS, mine);
  if (document.hidden && drawn) return again();
  try {
    const answer = await fetch(address, { headers: headers(), cache: 'no-store', signal: AbortSignal.timeout(10_000) });
    if (answer.status === 401 || answer.status === 403) return ask('This key is not accepted.');
    if (answer.status === 404) return draw(renderNoCase(null));
    if (answer.ok) {
      const page = await answer.json();
      draw(id === undefined ? renderCases(page) : renderCase(page, { withKey: keyOf() !== null }));
    } else complain(`The server answered ${answer.status}. Trying again.`);
  } catch {
    complain('The server cannot be reached. Trying again.');
  }
  again();
};

const download = async (kind) => {
  const error = root.querySelector('#paper-error');
  error.textContent = '';
  const answer = await fetch(`/v1/cases/${id}/papers/${kind}/pdf`, { headers: headers(), cache: 'no-store' });
  if (!answer.ok) {
    const { detail = `The server answered ${answer.status}.` } = await answer.json().catch(() => ({}));
    error.textContent = detail;
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${kind}.pdf`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

root.addEventListener('submit', (event) => {
  event.preventDefault();
  const key = root.querySelector('#key').value.trim();
  if (key === '') return;
  sessionStorage.setItem(KEY, key);
  look();
});

root.addEventListener('click', (event) => {
  const kind = event.target.closest?.('[data-paper]')?.dataset.paper;
  if (kind !== undefined) download(kind);
});

if (open) setTimeout(look, EVERY_MS, ++round);
else if (keyOf() !== null) look();
