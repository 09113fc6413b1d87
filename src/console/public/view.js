/**
 * The overview as HTML: one renderer for the server's first page and for the browser's updates. Plain JavaScript, because the
 * browser takes it as it is.
 */
import { caseStrip } from './cases.js';
import { html } from './html.js';
import { age, clockText, count, isSimulated, words } from './words.js';

/**
 * @typedef {import('../overview-shape.ts').Overview} Overview
 * @typedef {import('../overview-shape.ts').OverviewLeg} OverviewLeg
 * @typedef {import('../overview-shape.ts').OverviewOrder} OverviewOrder
 * @typedef {import('../overview-shape.ts').OverviewLane} OverviewLane
 * @typedef {import('./html.js').Html} Html
 */

/**
 * A sign beside each state's word, so that the eye finds it without the colour.
 * @type {Record<string, string>}
 */
const SIGNS = {
  received: '○',
  awaiting_mapping: '?',
  held: '‖',
  routed: '◔',
  planned: '◔',
  awaiting: '…',
  submitted: '↗',
  unknown: '?',
  accepted: '◑',
  partly_shipped: '◕',
  shipped: '➜',
  delivered: '⌂',
  closed: '✓',
  cancelled: '×',
  rejected: '!',
  active: '●',
  paused: '‖',
  needs_attention: '▲',
  not_all_read: '▲',
};
const TROUBLE = ['awaiting_mapping', 'held', 'rejected', 'unknown', 'needs_attention', 'not_all_read'];
const DONE = ['shipped', 'delivered', 'closed', 'active'];

/** @param {string} state */
const toneOf = (state) => (TROUBLE.includes(state) ? 'warn' : DONE.includes(state) ? 'good' : 'calm');

/** @param {string} state */
const badge = (state) =>
  html`<span class="badge ${toneOf(state)}"><span aria-hidden="true">${SIGNS[state] ?? '·'}</span> ${words(state)}</span>`;

/** @param {OverviewLeg} leg */
const legChip = (leg) => html`<li class="chip ${toneOf(leg.state)}" data-key="${leg.id}" data-chip="${leg.id}"
  data-origin="${leg.orderId ?? leg.id}" data-state="${leg.state}">
  <b>${leg.orderNumber || 'For stock'}</b>
  <span class="units"><span class="sr">shipped </span>${leg.shipped}/${leg.quantity}</span>
  <span class="what"><span aria-hidden="true">${SIGNS[leg.state] ?? '·'}</span>
    <span class="${leg.stage !== 'party' && 'sr'}">${leg.party} <span class="sr">(${leg.kindTitle})</span></span>
    ${words(leg.state)}</span>
</li>`;

/** @param {OverviewOrder} order */
const orderChip = (order) => html`<li class="chip ${toneOf(order.state)}" data-key="${order.id}" data-chip="${order.id}"
  data-state="${order.state}">
  <b>${order.number}</b>
  <span class="units">${count(order.lines, 'line')}</span>
  <span class="what"><span aria-hidden="true">${SIGNS[order.state] ?? '·'}</span> ${words(order.state)}</span>
</li>`;

/** @param {OverviewLane} lane */
const laneView = (lane) => html`<section class="lane lane-${lane.mode}" data-key="lane-${lane.mode}"
  aria-labelledby="lane-${lane.mode}">
  <header>
    <h3 id="lane-${lane.mode}">${lane.title}</h3>
    <p>${count(lane.lines, 'line')} · ${count(lane.units, 'unit')} · ${lane.shipped} shipped · ${lane.waiting} waiting</p>
  </header>
  <ol class="stages">
    ${lane.stages.map(
      ({ stage, title, count: here, legs }) => html`<li class="stage${here === 0 && ' empty'}" data-key="${stage}">
        <p class="stage-title" title="${title}">${title} <b>${here}</b></p>
        <ul class="chips" aria-label="${lane.title}: ${title}">${legs.map(legChip)}</ul>
      </li>`,
    )}
  </ol>
</section>`;

/** @param {Overview} overview */
const lanes = ({ lanes: all, orders, totals }) => html`<section class="panel lanes" aria-labelledby="lanes">
  <header class="panel-head">
    <h2 id="lanes">Orders by mode</h2>
    <p>Latest ${count(totals.legs, 'leg')}: ${count(totals.lines, 'line')}, ${count(totals.units, 'unit')},
      ${totals.shipped} shipped, ${totals.waiting} waiting</p>
  </header>
  <div class="board">
    <section class="intake" aria-labelledby="intake">
      <h3 id="intake">Received</h3>
      <p class="hint">not yet routed</p>
      <ul class="chips">${orders.received.map(orderChip)}</ul>
      ${orders.received.length === 0 && html`<p class="none">Every recent order is routed.</p>`}
    </section>
    <div class="lane-list">
      ${all.map(laneView)}
    </div>
  </div>
</section>`;

/** @param {Overview} overview */
const flow = ({ orders, exceptions, pendingApprovals }) => html`<section class="flow" aria-label="Orders by state">
  <ol class="counts">
    ${orders.states.map(
      ({ state, count: n }) => html`<li data-key="${state}" class="${toneOf(state)}${n === 0 && ' zero'}">
        <b>${n} <span aria-hidden="true">${SIGNS[state] ?? '·'}</span></b><span>${words(state)}</span></li>`,
    )}
    <li data-key="exceptions" class="${exceptions.count > 0 ? 'warn' : 'calm zero'}">
      <b>${exceptions.count} <span aria-hidden="true">▲</span></b><span>open exceptions</span></li>
    <li data-key="approvals" class="${pendingApprovals > 0 ? 'warn' : 'calm zero'}">
      <b>${pendingApprovals} <span aria-hidden="true">☑</span></b><span>pending approvals</span></li>
  </ol>
  <div class="spark" data-own="spark" data-total="${orders.total}" hidden></div>
</section>`;

/** @param {OverviewLeg} leg */
const legLine = (leg) => html`<li data-key="${leg.id}"><b>${leg.modeTitle}</b>, ${leg.kindTitle}:
  <span class="${toneOf(leg.state)}"><span aria-hidden="true">${SIGNS[leg.state] ?? '·'}</span> ${words(leg.state)}</span>,
  ${leg.shipped}/${leg.quantity} shipped</li>`;

/** @param {Overview} overview */
const orderTable = ({ orders }) => html`<section class="panel orders" aria-labelledby="orders">
  <header class="panel-head"><h2 id="orders">Latest orders</h2><p>${orders.latest.length} of ${orders.total}</p></header>
  <div class="scroll" tabindex="0" role="region" aria-labelledby="orders">
  <table>
    <thead><tr><th scope="col">Order</th><th scope="col">Storefront</th><th scope="col">Buyer</th>
      <th scope="col" class="n">Lines</th><th scope="col" class="n">Total</th><th scope="col">State</th>
      <th scope="col" class="n">Age</th><th scope="col">Legs</th></tr></thead>
    <tbody>${orders.latest.map(
      (order) => html`<tr data-key="${order.id}" data-state="${order.state}">
        <th scope="row">${order.number}</th>
        <td data-label="Storefront">${order.storefront || '–'}</td>
        <td data-label="Buyer">${order.buyer || '–'}${order.country && html`, <abbr>${order.country}</abbr>`}</td>
        <td data-label="Lines" class="n">${order.lines}</td>
        <td data-label="Total" class="n">${order.total}</td>
        <td data-label="State">${badge(order.state)}</td>
        <td data-label="Age" class="n">${age(order.ageMs)}</td>
        <td data-label="Legs"><ul class="legs">${order.legs.map(legLine)}</ul>${order.legs.length === 0 && '–'}</td>
      </tr>`,
    )}</tbody>
  </table>
  </div>
</section>`;

/** @param {Overview} overview */
const noOrders = ({ connections, workspace }) => {
  const storefronts = connections.filter(({ role }) => role === 'storefront');
  return html`<section class="panel start" aria-labelledby="start">
    <h2 id="start">No orders yet</h2>
    <p>Orders of ${workspace.name} appear here by themselves, a moment after a buyer places them.</p>
    <ol>
      <li>${storefronts.length > 0 ? html`<b>Done:</b>` : html`<b>To do:</b>`} connect a storefront${
        storefronts.length > 0 && html` (${storefronts.map(({ name }) => name).join(', ')})`
      }.</li>
      <li>Give every SKU an offer: its mode, partner, location and cost. Listings are mapped to it.</li>
      <li>Set the connections live. Nothing that costs money is sent before.</li>
    </ol>
  </section>`;
};

/** @param {Overview} overview */
const exceptionBox = ({ exceptions }) => html`<section class="panel" aria-labelledby="exceptions">
  <header class="panel-head"><h2 id="exceptions">Exceptions</h2><p>${exceptions.count} open</p></header>
  ${exceptions.count === 0 && html`<p class="none"><span aria-hidden="true">✓</span> Nothing waits for a person.</p>`}
  <ul class="rows">${exceptions.oldest.map(
    ({ id, title, next, detail, ageMs }) => html`<li data-key="${id}" class="exception">
      <p class="ends"><b><span class="mark" aria-hidden="true">▲</span> ${title}</b>
        <span class="age">${age(ageMs)}</span></p>
      <p class="detail">${detail}</p>
      <p class="next"><span aria-hidden="true">→</span> ${next}</p>
    </li>`,
  )}</ul>
  ${exceptions.count > exceptions.oldest.length && html`<p class="more">and ${exceptions.count - exceptions.oldest.length} more</p>`}
</section>`;

/** @param {{ orders: number, listings: number, stock: number }} unreadable */
const unreadOf = ({ orders, listings, stock }) =>
  [
    { name: 'order', n: orders },
    { name: 'listing', n: listings },
    { name: 'stock item', n: stock },
  ]
    .filter(({ n }) => n > 0)
    .map(({ name, n }) => count(n, name))
    .join(', ');

/** @param {Overview} overview */
const connectionBox = ({ connections }) => html`<section class="panel" aria-labelledby="connections">
  <header class="panel-head"><h2 id="connections">Connections</h2><p>${connections.length}</p></header>
  ${connections.length === 0 && html`<p class="none">None yet: connect a storefront to begin.</p>`}
  <ul class="rows">${connections.map(
    ({
      id,
      name,
      connector,
      role,
      state,
      live,
      lastError,
      balance,
      unreadable,
    }) => html`<li data-key="${id}" class="connection">
      <p class="ends"><b>${name}</b> ${badge(state === 'active' && unreadOf(unreadable) ? 'not_all_read' : state)}</p>
      <p class="detail">${role} · ${connector} · ${live ? 'live' : 'not live'}${balance && ` · ${balance} left`}</p>
      ${lastError && state !== 'active' && html`<p class="next">${lastError}</p>`}
      ${unreadOf(unreadable) && html`<p class="next">Cannot be read: ${unreadOf(unreadable)}</p>`}
    </li>`,
  )}</ul>
</section>`;

/** @param {number} n */
const signed = (n) => (n > 0 ? `+${n}` : n < 0 ? `−${-n}` : '0');

/** @param {{ onHand: number, reserved: number, onOrder: number }} movement */
const changesOf = ({ onHand, reserved, onOrder }) =>
  [
    { name: 'on hand', by: onHand },
    { name: 'reserved', by: reserved },
    { name: 'on order', by: onOrder },
  ]
    .filter(({ by }) => by !== 0)
    .map(({ name, by }) => `${name} ${signed(by)}`)
    .join(', ') || 'no change';

/** @param {Overview} overview */
const shelfBox = ({ shelves: { levels, movements } }) => html`<section class="panel" aria-labelledby="shelves">
  <header class="panel-head"><h2 id="shelves">Shelves</h2><p>most waited for</p></header>
  ${
    levels.length === 0
      ? html`<p class="none">No stock is counted yet.</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="shelves"><table class="small">
    <thead><tr><th scope="col">SKU</th><th scope="col">Location</th><th scope="col" class="n">On hand</th>
      <th scope="col" class="n">Reserved</th><th scope="col" class="n">On order</th>
      <th scope="col" class="n">Waiting</th></tr></thead>
    <tbody>${levels.map(
      (level) => html`<tr data-key="${level.id}"><th scope="row">${level.sku}</th><td>${level.location}</td>
        <td class="n">${level.onHand}</td><td class="n">${level.reserved}</td><td class="n">${level.onOrder}</td>
        <td class="n${level.waiting > 0 && ' warn'}">${level.waiting}</td></tr>`,
    )}</tbody></table></div>`
  }
  ${
    movements.length > 0 &&
    html`<h3>Latest movements</h3><ul class="rows movements">${movements.map(
      (m) => html`<li data-key="${m.id}">
        <p class="ends"><span><b>${words(m.kind)}</b> ${m.sku}</span> <span class="age">${age(m.ageMs)}</span></p>
        <p class="detail">${m.location} · ${changesOf(m)}${m.reference && html` · ${m.reference}`}</p></li>`,
    )}</ul>`
  }
</section>`;

/** @param {Overview} overview */
const queueBox = ({ queues }) =>
  queues.length > 0 &&
  html`<section class="panel" aria-labelledby="queues">
  <header class="panel-head"><h2 id="queues">Queues</h2><p>jobs that wait or run</p></header>
  <dl class="queues">${queues.map(
    ({ name, depth }) => html`<div data-key="${name}"><dt>${words(name)}</dt><dd>${depth}</dd></div>`,
  )}</dl>
</section>`;

/** @param {Overview['clock']} clock */
const clockView = (clock) =>
  html`<p class="clock"><time datetime="${new Date(clock.nowMs).toISOString()}">${clockText(
    clock.nowMs,
  )}</time> <span class="rate">${
    isSimulated(clock.rate) ? `simulated time, ×${Math.round(clock.rate)}` : 'real time'
  }</span></p>`;

/**
 * The whole page below `<body>`; what is marked data-own is the script's.
 * @param {Overview} overview
 * @returns {Html}
 */
export const renderOverview = (overview) => html`<header class="top">
  <p class="brand"><img src="/console/favicon.svg" alt="" width="24" height="24"> <b>Crossdock</b>
    <span>${overview.workspace.name}</span></p>
  <nav class="places" aria-label="Pages"><a href="/">Overview</a> <a href="/cases">Cases</a></nav>
  ${clockView(overview.clock)}
  <div class="live" data-own="live"></div>
</header>
<main id="main" tabindex="-1">
  <h1 class="sr">Overview of ${overview.workspace.name}</h1>
  ${overview.orders.total === 0 && noOrders(overview)}
  ${flow(overview)}
  ${caseStrip(overview.cases)}
  ${overview.orders.total > 0 && lanes(overview)}
  <div class="columns">
    <div class="stack">${exceptionBox(overview)}</div>
    <div class="stack">${connectionBox(overview)}${queueBox(overview)}</div>
    <div class="stack">${shelfBox(overview)}</div>
  </div>
  ${overview.orders.total > 0 && orderTable(overview)}
</main>`;

/**
 * Who comes without a key is asked for one. The field has no name, so that no browser ever sends it in an address.
 * @param {{ title?: string }} [options]
 * @returns {Html}
 */
export const renderKeyForm = ({ title = 'Overview' } = {}) => html`<header class="top">
  <p class="brand"><img src="/console/favicon.svg" alt="" width="24" height="24"> <b>Crossdock</b></p>
</header>
<main id="main" tabindex="-1">
  <form class="panel key" id="key-form">
    <h1>${title}</h1>
    <label for="key">API key of your workspace</label>
    <input id="key" type="password" autocomplete="off" spellcheck="false" required aria-describedby="key-help key-error">
    <p id="key-help" class="hint">It stays in this tab and is forgotten when you close it.</p>
    <p id="key-error" class="error" role="alert"></p>
    <button type="submit">Show the ${title.toLowerCase()}</button>
    <noscript><p>This form needs JavaScript. Without it, send the key as
      <code>Authorization: Bearer …</code> to <code>/console/overview</code>.</p></noscript>
  </form>
</main>`;
