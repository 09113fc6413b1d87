// @ts-nocheck: runs in the browser; the project's types are the server's.
import { html } from './html.js';

const KEEP_MS = 120_000;
/** A young line does not yet fill the width. */
const LEAST_MS = 30_000;
const WINDOW_MS = 10_000;
const WIDTH = 160;
const HEIGHT = 36;

/** Orders per minute of real time, from the totals that the page has seen. */
export const makeSpark = () => {
  let samples = [];
  const rateAt = (index) => {
    const last = samples[index];
    const first = samples.slice(0, index + 1).find((sample) => sample.atMs > last.atMs - WINDOW_MS);
    const passed = last.atMs - first.atMs;
    return passed <= 0 ? 0 : ((last.total - first.total) * 60_000) / passed;
  };
  return (box, total) => {
    const now = performance.now();
    samples = [...samples.filter(({ atMs }) => atMs > now - KEEP_MS), { atMs: now, total }];
    const rates = samples.map((_, index) => Math.max(0, Math.round(rateAt(index))));
    const highest = Math.max(1, ...rates);
    const span = Math.max(LEAST_MS, now - samples[0].atMs);
    const x = (index) => WIDTH - (now - samples[index].atMs) * (WIDTH / span);
    const y = (rate) => HEIGHT - 2 - (rate / highest) * (HEIGHT - 6);
    const points = rates.map((rate, index) => `${x(index).toFixed(1)},${y(rate).toFixed(1)}`);
    const latest = rates.at(-1);
    // Every tenth second is enough to read.
    const rows = rates
      .map((rate, index) => ({ rate, ago: Math.round((now - samples[index].atMs) / 1_000) }))
      .filter(({ ago }, index, all) => index === all.length - 1 || ago % 10 === 0)
      .reverse();
    const open = box.querySelector('details')?.open ?? false;
    const focused = box.contains(document.activeElement);
    box.hidden = false;
    box.innerHTML = html`<p class="spark-figure"><b>${latest}</b> <span>orders per minute, real time</span></p>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" preserveAspectRatio="none"
        aria-label="Orders per minute over the last two minutes: now ${latest}, at most ${Math.max(0, ...rates)}">
        <polyline points="${points.join(' ')}" /></svg>
      <details><summary>As a table</summary><table class="small">
        <thead><tr><th scope="col">Seconds ago</th><th scope="col" class="n">Orders per minute</th></tr></thead>
        <tbody>${rows.map(({ ago, rate }) => html`<tr><td>${ago}</td><td class="n">${rate}</td></tr>`)}</tbody>
      </table></details>`.text;
    box.querySelector('details').open = open;
    if (focused) box.querySelector('summary').focus();
  };
};
