import path from 'node:path';
import express, { type Request, type Response, type Router } from 'express';
import type { CasePages } from './cases.ts';
import type { Overview } from './overview-shape.ts';
import { renderCasePage, renderCasesPage, renderPage } from './page.ts';
import { streamOverview } from './stream.ts';

const PUBLIC = path.join(import.meta.dirname, 'public');
const POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** What a key has to allow for a page. */
export type PageScope = 'reports:read' | 'cases:read';

export interface ConsoleParts {
  overview(workspaceId: string): Promise<Overview>;
  cases: CasePages;
  /** The workspace that everybody may look at; null outside the demo. */
  demoWorkspaceId: string | null;
  /** The workspace that the request's key opens; null without a key, or with one that may not read this. */
  authorise(request: Request, scope: PageScope): Promise<string | null>;
}

/** The live overview and the pages of export cases: each as a page and as numbers, the overview's as a stream besides. */
export const consoleRouter = ({ overview, cases, demoWorkspaceId, authorise }: ConsoleParts): Router => {
  const router = express.Router();
  const workspaceOf = async (request: Request, scope: PageScope = 'reports:read'): Promise<string | null> =>
    (await authorise(request, scope)) ?? demoWorkspaceId;

  router.get('/', async (request, response) => {
    const workspaceId = await workspaceOf(request);
    const page = renderPage(workspaceId === null ? null : await overview(workspaceId));
    sendPage(response, page);
  });

  router.get('/cases', async (request, response) => {
    const workspaceId = await workspaceOf(request, 'cases:read');
    sendPage(response, renderCasesPage(workspaceId === null ? null : await cases.list(workspaceId)));
  });

  router.get('/cases/:id', async (request, response) => {
    const workspaceId = await workspaceOf(request, 'cases:read');
    const page = workspaceId === null ? 'key' : await cases.one(workspaceId, request.params.id);
    if (page === null) response.status(404);
    sendPage(response, renderCasePage(page));
  });

  router.get('/console/cases', async (request, response) => {
    const workspaceId = await workspaceOf(request, 'cases:read');
    if (workspaceId === null) return refuse(response);
    response.set('cache-control', 'no-store').json(await cases.list(workspaceId));
  });

  router.get('/console/cases/:id', async (request, response) => {
    const workspaceId = await workspaceOf(request, 'cases:read');
    if (workspaceId === null) return refuse(response);
    const page = await cases.one(workspaceId, request.params.id);
    response.set('cache-control', 'no-store');
    if (page === null) response.status(404).json(null);
    else response.json(page);
  });

  router.get('/console/overview', async (request, response) => {
    const workspaceId = await workspaceOf(request);
    if (workspaceId === null) return refuse(response);
    response.set('cache-control', 'no-store').json(await overview(workspaceId));
  });

  router.get('/console/stream', async (request, response) => {
    const workspaceId = await workspaceOf(request);
    if (workspaceId === null) return refuse(response);
    await streamOverview(response, () => overview(workspaceId));
  });

  router.use('/console', express.static(PUBLIC, { index: false, redirect: false }));
  return router;
};

const sendPage = (response: Response, page: string): void => {
  response
    .set({
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .type('html')
    .send(page);
};

const refuse = (response: Response): void => {
  response
    .status(401)
    .set('www-authenticate', 'Bearer')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
        detail: 'Send the API key of your workspace as Authorization: Bearer …',
      }),
    );
};
