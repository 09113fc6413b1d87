/** A sandbox's sender delivers one webhook to each address of the command line and prints how many were taken and dropped. */
import { manualClock, openSandboxDb, webhookSender } from '#kit/sandbox';

const db = openSandboxDb();
const sender = webhookSender({ clock: manualClock(), db, table: 'hooks', retriesMs: [], timeoutMs: 30_000 });
for (const [index, url] of process.argv.slice(2).entries())
  sender.enqueue(String(index), { url, headers: { 'x-topic': 'orders/create' }, body: '{"id":1}' });
while (sender.waiting() > 0) await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify(sender.counts()));
sender.close();
db.close();
