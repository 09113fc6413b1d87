import type { CaseList, CasePage } from './cases.ts';
import type { Overview } from './overview-shape.ts';
import { renderCase, renderCases, renderNoCase } from './public/cases.js';
import { html } from './public/html.js';
import { renderKeyForm, renderOverview } from './public/view.js';

interface Frame {
  title: string;
  script: string;
  live: string;
  id: string;
  skip: string;
  body: ReturnType<typeof html>;
}

const frame = ({ title, script, live, id, skip, body }: Frame): string =>
  html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <link rel="icon" href="/console/favicon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/console/app.css">
  <script type="module" src="/console/${script}"></script>
</head>
<body data-live="${live}">
  <a class="skip" href="#main">${skip}</a>
  <div id="${id}">${body}</div>
</body>
</html>
`.text;

/** The page as the server sends it: complete without the script when there is something to show. */
export const renderPage = (overview: Overview | null): string =>
  frame({
    title: overview ? `${overview.workspace.name} · Crossdock` : 'Crossdock',
    script: 'app.js',
    live: overview ? 'stream' : 'key',
    id: 'overview',
    skip: 'Skip to the overview',
    body: overview ? renderOverview(overview) : renderKeyForm(),
  });

const casesFrame = (title: string, live: 'open' | 'key' | 'none', body: Frame['body']): string =>
  frame({ title, script: 'cases-page.js', live, id: 'page', skip: 'Skip to the content', body });

const ASK = { title: 'Export cases' };

/** The list of export cases; null asks for a key. */
export const renderCasesPage = (list: CaseList | null): string =>
  casesFrame(
    list ? `Export cases · ${list.workspace.name} · Crossdock` : 'Export cases · Crossdock',
    list ? 'open' : 'key',
    list ? renderCases(list) : renderKeyForm(ASK),
  );

/** One export case; `'key'` asks for one, null says that there is no such case. */
export const renderCasePage = (page: CasePage | 'key' | null): string => {
  if (page === 'key') return casesFrame('Export case · Crossdock', 'key', renderKeyForm(ASK));
  if (page === null) return casesFrame('No such case · Crossdock', 'none', renderNoCase(null));
  return casesFrame(`${page.number} · ${page.workspace.name} · Crossdock`, 'open', renderCase(page));
};
