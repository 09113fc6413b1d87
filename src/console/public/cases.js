/** The pages of case files as HTML: one renderer for the server's first page and for the browser's updates. */
import { html } from './html.js';
import { clockText, count, isSimulated, words } from './words.js';

/**
 * @typedef {import('../cases.ts').CaseList} CaseList
 * @typedef {import('../cases.ts').CaseRow} CaseRow
 * @typedef {import('../cases.ts').CaseDot} CaseDot
 * @typedef {import('../cases.ts').CasePage} CasePage
 * @typedef {import('../cases.ts').ShownStep} ShownStep
 * @typedef {import('../cases.ts').ShownReason} ShownReason
 * @typedef {import('./html.js').Html} Html
 */

/**
 * A shape for each state, so that nothing rests on the colour.
 * @type {Record<CaseDot['state'], string>}
 */
const SHAPES = { open: '○', blocked: '▲', passed: '✓', overridden: '⚑' };
/** @type {Record<CaseDot['state'], string>} */
const TONES = { open: 'calm', blocked: 'warn', passed: 'good', overridden: 'bent' };
/** @type {Record<string, string>} */
const NOTICE_TITLES = {
  unverified: 'Not verified',
  review_overdue: 'Due for review',
  general_knowledge: 'General knowledge',
  advice: 'Advice',
};
const DOUBTFUL = ['unverified', 'review_overdue'];

/** @param {CaseDot} dot */
const stateText = ({ state, blocks }) =>
  state === 'blocked' ? `blocked, ${count(blocks, 'reason')}` : state === 'open' ? 'nothing entered yet' : state;

/**
 * The eight steps in small: a shape each, and its words for who does not see it.
 * @param {CaseRow} row
 * @returns {Html}
 */
export const caseDots = ({ dots, number }) =>
  html`<ol class="dots" aria-label="Steps of ${number}">${dots.map(
    (dot) => html`<li class="dot ${TONES[dot.state]}" title="${dot.title.en} ${dot.title.zh}: ${stateText(dot)}"><span
    aria-hidden="true">${SHAPES[dot.state]}</span><span class="sr">${dot.title.en}: ${stateText(dot)}</span></li>`,
  )}</ol>`;

/** @param {CaseRow} row */
const caseLine = (row) => html`<li data-key="${row.id}" class="case">
  <a href="/cases/${row.id}"><b>${row.number}</b> <span class="case-title">${row.title}</span></a>
  <span class="where">${row.modeTitle} · <abbr>${row.destination}</abbr>${
    row.state !== 'open' && html` · ${row.state}`
  }</span>
  ${caseDots(row)}
</li>`;

/**
 * The strip on the overview.
 * @param {{ open: number, latest: readonly CaseRow[] }} cases
 * @returns {Html | false}
 */
export const caseStrip = ({ open, latest }) =>
  open > 0 &&
  html`<section class="panel case-strip" aria-labelledby="case-strip">
  <header class="panel-head"><h2 id="case-strip">Export cases</h2><p>${open} open</p>
    <a href="/cases">All cases</a></header>
  <ul class="case-list">${latest.map(caseLine)}</ul>
</section>`;

/** @param {Pick<CaseList, 'workspace' | 'clock'>} page */
const top = ({ workspace, clock }) => html`<header class="top">
  <p class="brand"><img src="/console/favicon.svg" alt="" width="24" height="24"> <b>Crossdock</b>
    <span>${workspace.name}</span></p>
  <nav class="places" aria-label="Pages"><a href="/">Overview</a> <a href="/cases">Cases</a></nav>
  <p class="clock"><time datetime="${new Date(clock.nowMs).toISOString()}">${clockText(
    clock.nowMs,
  )}</time> <span class="rate">${
    isSimulated(clock.rate) ? `simulated time, ×${Math.round(clock.rate)}` : 'real time'
  }</span></p>
</header>`;

const LEGEND = /** @type {const} */ ([
  ['passed', 'passed'],
  ['blocked', 'blocked'],
  ['overridden', 'overridden by a person'],
  ['open', 'nothing entered yet'],
]);

/**
 * @param {CaseList} page
 * @returns {Html}
 */
export const renderCases = (page) => html`${top(page)}
<main id="main" tabindex="-1">
  <section class="panel" aria-labelledby="open-cases">
    <header class="panel-head"><h1 id="open-cases">Export cases</h1><p>${page.openCount} open</p></header>
    <p class="legend">${LEGEND.map(
      ([state, says]) =>
        html`<span class="${TONES[state]}"><span aria-hidden="true">${SHAPES[state]}</span> ${says}</span> `,
    )}</p>
    ${
      page.cases.length === 0 &&
      html`<p class="none">No case is open. A case carries one export through its eight steps:
      <code>POST /v1/cases</code> opens one.</p>`
    }
    <ul class="case-list">${page.cases.map(caseLine)}</ul>
    ${page.openCount > page.cases.length && html`<p class="more">and ${page.openCount - page.cases.length} more</p>`}
  </section>
  ${
    page.closed.length > 0 &&
    html`<section class="panel" aria-labelledby="closed-cases">
    <header class="panel-head"><h2 id="closed-cases">Lately closed</h2></header>
    <ul class="case-list">${page.closed.map(caseLine)}</ul>
  </section>`
  }
</main>`;

/** @param {ShownReason} reason */
const reasonLine = (reason) => html`<li data-key="${reason.code} ${reason.subject}">
  <p><b>${reason.what}</b></p>
  <p class="next"><span aria-hidden="true">→</span> ${reason.todo}</p>
  <p class="code"><code>${reason.code}</code>${reason.subject && html` <code>${reason.subject}</code>`}</p>
  ${
    reason.overridden &&
    html`<p class="word"><span aria-hidden="true">⚑</span> Overridden by ${reason.overridden.by} on
    ${reason.overridden.at.slice(0, 10)}: “${reason.overridden.reason}”</p>`
  }
</li>`;

/**
 * @param {string} title
 * @param {string} tone
 * @param {readonly ShownReason[]} reasons
 */
const reasonsView = (title, tone, reasons) =>
  reasons.length > 0 &&
  html`<div class="reasons ${tone}" data-key="${title}"><h3>${title}</h3><ul class="rows">${reasons.map(reasonLine)}</ul></div>`;

/** @param {ShownStep['notices'][number]} notice */
const noticeLine = ({ code, rule, message }) => html`<li data-key="${code} ${rule} ${message}">
  <p><span class="flag ${DOUBTFUL.includes(code) ? 'warn' : 'calm'}"><span aria-hidden="true">${
    DOUBTFUL.includes(code) ? '!' : 'i'
  }</span> ${NOTICE_TITLES[code] ?? words(code)}</span> ${message}</p></li>`;

/** @param {ShownStep['notices']} notices */
const noticesView = (notices) => {
  const doubtful = notices.filter(({ code }) => DOUBTFUL.includes(code));
  const others = notices.filter(({ code }) => !DOUBTFUL.includes(code));
  return html`${
    doubtful.length > 0 &&
    html`<div class="notices" data-key="doubtful"><h3>Check before relying on it</h3><ul class="rows">${doubtful.map(noticeLine)}</ul></div>`
  }${
    others.length > 0 &&
    html`<details data-key="others"><summary>${count(others.length, 'further note')} on the rules used</summary>
    <ul class="rows">${others.map(noticeLine)}</ul></details>`
  }`;
};

/** @param {ShownStep} step @param {number} index */
const stepCard = (step, index) => html`<section class="panel step ${TONES[step.state]}" data-key="step-${step.step}"
  id="step-${step.step}" aria-labelledby="title-${step.step}">
  <header class="ends"><h2 id="title-${step.step}">${index + 1}. ${step.title.en} <span lang="zh">${step.title.zh}</span></h2>
    <span class="badge ${TONES[step.state]}"><span aria-hidden="true">${SHAPES[step.state]}</span> ${step.state}</span></header>
  ${
    step.state === 'open'
      ? html`<p class="none">Nothing is entered for this step yet: <code>PUT /v1/cases/…/facts/${step.step}</code>.</p>`
      : reasonsView('What blocks', 'warn', step.blocking)
  }
  ${reasonsView('Overridden', 'bent', step.overridden)}
  ${reasonsView('Warnings', 'calm', step.warnings)}
  ${step.state === 'passed' && step.warnings.length === 0 && html`<p class="none">Nothing stands in the way.</p>`}
  ${noticesView(step.notices)}
</section>`;

/** @param {CasePage} page */
const stageLine = ({ steps }) =>
  html`<nav aria-label="The eight steps"><ol class="line">${steps.map(
    (step, index) => html`<li class="${TONES[step.state]}" data-key="${step.step}"><a href="#step-${step.step}">
    <span class="shape" aria-hidden="true">${SHAPES[step.state]}</span>
    <b>${index + 1}. ${step.title.en}</b> <span lang="zh">${step.title.zh}</span>
    <span class="state">${stateText(step)}${
      step.doubtful > 0 &&
      html`<span class="doubt"><span aria-hidden="true">!</span> ${count(step.doubtful, 'rule')} to check</span>`
    }</span></a></li>`,
  )}</ol></nav>`;

/** @param {CasePage} page */
const actBox = ({ acts, state }) => html`<section class="panel" aria-labelledby="acts">
  <header class="panel-head"><h2 id="acts">What it holds back</h2></header>
  ${state !== 'open' && html`<p class="none">The case is ${state}: it holds nothing back any more.</p>`}
  <ul class="rows">${acts.map(
    ({ act, title, waitsFor }) => html`<li data-key="${act}"><p class="ends"><b>${title}</b>
      <span class="badge ${waitsFor.length === 0 ? 'good' : 'warn'}"><span aria-hidden="true">${
        waitsFor.length === 0 ? '✓' : '▲'
      }</span> ${waitsFor.length === 0 ? 'free' : 'held back'}</span></p>
      ${waitsFor.length > 0 && html`<p class="detail">waits for ${waitsFor.map((wait) => wait.title).join(', ')}</p>`}</li>`,
  )}</ul>
</section>`;

/**
 * `eu_h7` as “EU H7”, `packing_list` as “Packing list”.
 * @param {string} kind
 */
const paperName = (kind) => {
  const name = words(kind).replace(/\b(cn|eu|us|h)\d*\b/g, (code) => code.toUpperCase());
  return name.charAt(0).toUpperCase() + name.slice(1);
};

/** @param {CasePage} page @param {boolean} withKey */
const paperBox = ({ id, papers, papersOpen }, withKey) =>
  papers.length > 0 &&
  html`<section class="panel" aria-labelledby="papers">
  <header class="panel-head"><h2 id="papers">Papers</h2><p>${papersOpen ? 'ready' : 'held back by a gate'}</p></header>
  <ul class="rows">${papers.map(
    (kind) =>
      html`<li data-key="${kind}"><p class="ends"><b>${paperName(kind)}</b>${
        withKey &&
        papersOpen &&
        html` <button type="button" data-paper="${kind}">Download<span class="sr"> ${paperName(kind)}</span> PDF</button>`
      }</p>${
        !withKey &&
        html`<p class="code"><code>npm run cli -- case paper ${id} ${kind} --out ${kind}.pdf --key xd_…</code></p>
      <p class="code"><code>GET /v1/cases/${id}/papers/${kind}/pdf</code></p>`
      }</li>`,
  )}</ul>
  ${!withKey && html`<p class="more">A paper needs a key with <code>cases:read</code>.</p>`}
  <p id="paper-error" class="error" role="alert" data-own="paper-error"></p>
</section>`;

/** @param {CasePage} page */
const reminderBox = ({ reminders }) => html`<section class="panel" aria-labelledby="reminders">
  <header class="panel-head"><h2 id="reminders">Reminders</h2><p>${reminders.length}</p></header>
  ${reminders.length === 0 && html`<p class="none">No day to keep in mind yet.</p>`}
  <ul class="rows">${reminders.slice(0, 12).map(
    ({ key, on, text, given }) => html`<li data-key="${key}"><p class="ends"><b><time datetime="${on}">${on}</time></b>
      <span class="age">${given ? html`<span aria-hidden="true">✓</span> given` : 'to come'}</span></p>
      <p class="detail">${text}</p></li>`,
  )}</ul>
  ${reminders.length > 12 && html`<p class="more">and ${reminders.length - 12} more</p>`}
</section>`;

/** @param {CasePage} page */
const historyBox = ({ history }) => html`<section class="panel" aria-labelledby="history">
  <header class="panel-head"><h2 id="history">History</h2><p>${count(history.length, 'entry').replace('entrys', 'entries')}</p></header>
  <ul class="rows">${history.slice(0, 40).map(
    ({ at, by, what, detail }, index) => html`<li data-key="${history.length - index}"><p class="ends"><b>${what}</b>
      <span class="age">${at.slice(0, 16).replace('T', ' ')}, ${by}</span></p>
      ${detail && html`<p class="detail">${detail}</p>`}</li>`,
  )}</ul>
  ${history.length > 40 && html`<p class="more">and ${history.length - 40} more</p>`}
</section>`;

/**
 * @param {CasePage} page
 * @param {{ withKey?: boolean }} [options] whether the one who looks has a key at hand
 * @returns {Html}
 */
export const renderCase = (page, { withKey = false } = {}) => html`${top(page)}
<main id="main" tabindex="-1">
  <header class="case-head"><h1>${page.number} <span>${page.title}</span></h1>
    <p class="detail">${page.modeTitle} · to <abbr>${page.destination}</abbr> · ${page.subject.kind} ${page.subject.id}${
      page.skus.length > 0 && html` · SKU ${page.skus.slice(0, 5).join(', ')}${page.skus.length > 5 && ' …'}`
    } · ${page.state}</p></header>
  ${stageLine(page)}
  <div class="case-columns">
    <div class="stack">${page.steps.map(stepCard)}</div>
    <div class="stack">${actBox(page)}${reminderBox(page)}${paperBox(page, withKey)}${historyBox(page)}</div>
  </div>
</main>`;

/**
 * @param {Pick<CaseList, 'workspace' | 'clock'> | null} page
 * @returns {Html}
 */
export const renderNoCase = (page) => html`${page && top(page)}
<main id="main" tabindex="-1"><section class="panel start"><h1>There is no such case</h1>
  <p><a href="/cases">All cases</a></p></section></main>`;
