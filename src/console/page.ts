import type { Overview } from './overview.ts';
import { html } from './public/html.js';
import { renderKeyForm, renderOverview } from './public/view.js';

/** The page as the server sends it: complete without the script when there is something to show. */
export const renderPage = (overview: Overview | null): string => {
  const title = overview ? `${overview.workspace.name} · Crossdock` : 'Crossdock';
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <link rel="icon" href="/console/favicon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/console/app.css">
  <script type="module" src="/console/app.js"></script>
</head>
<body data-live="${overview ? 'stream' : 'key'}">
  <a class="skip" href="#main">Skip to the overview</a>
  <div id="overview">${overview ? renderOverview(overview) : renderKeyForm()}</div>
</body>
</html>
`.text;
};
