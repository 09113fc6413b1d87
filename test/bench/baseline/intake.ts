/** A webhook receiver that checks the signature and keeps nothing: what row b measures Crossdock's intake against. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';
import { watchParent } from '#setup/parent-watch.mjs';

watchParent();
const secret = process.argv[2] ?? '';

const app = express();
app.use(express.raw({ type: () => true, limit: '8mb' }));
app.post('/webhooks/:connection', (request, response) => {
  const wanted = createHmac('sha256', secret).update(request.body).digest();
  const given = Buffer.from(request.header('x-wc-webhook-signature') ?? '', 'base64');
  response.sendStatus(wanted.length === given.length && timingSafeEqual(wanted, given) ? 200 : 401);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}\n`);
});
