import path from 'node:path';
import express, { type Request, type Response, type Router } from 'express';
import type { Overview } from './overview.ts';
import { renderPage } from './page.ts';
import { streamOverview } from './stream.ts';

const PUBLIC = path.join(import.meta.dirname, 'public');
const POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export interface ConsoleParts {
  overview(workspaceId: string): Promise<Overview>;
  /** The workspace that everybody may look at; null outside the demo. */
  demoWorkspaceId: string | null;
  /** The workspace that the request's key opens; null without a key or with a wrong one. */
  authorise(request: Request): Promise<string | null>;
}

/** The live overview: its page, its numbers and their stream. */
export const consoleRouter = ({ overview, demoWorkspaceId, authorise }: ConsoleParts): Router => {
  const router = express.Router();
  const workspaceOf = async (request: Request): Promise<string | null> => (await authorise(request)) ?? demoWorkspaceId;

  router.get('/', async (request, response) => {
    const workspaceId = await workspaceOf(request);
    const page = renderPage(workspaceId === null ? null : await overview(workspaceId));
    response
      .set({
        'content-security-policy': POLICY,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      .type('html')
      .send(page);
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
