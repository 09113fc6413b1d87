import { describe, expect, it } from 'vitest';
import type { ExceptionRecord } from '#domain/exception.ts';
import { MODE_NAMES } from '#domain/offer.ts';
import { MODES } from '#modes';
import { renderPage } from './page.ts';
import { html } from './public/html.js';
import { summarise } from './summarise.ts';
import {
  NOW,
  sampleConnection,
  sampleGathered,
  sampleLeg,
  sampleOrder,
  samplePlan,
  WORKSPACE,
} from './testing/samples.ts';

const page = (changes: Parameters<typeof sampleGathered>[0], rate = 1): string =>
  renderPage(summarise(WORKSPACE, sampleGathered(changes), { nowMs: NOW, rate, connectorTitles: new Map() }));

const EVIL = `<script>alert("1")</script><img src=x onerror='x'>`;
const oneOrder = (number: string, changes: Parameters<typeof sampleOrder>[1] = {}) => {
  const order = sampleOrder(number, { state: 'routed', plan: samplePlan(), ...changes });
  return { orders: [order], counts: [{ state: order.state, count: 1 }], legs: [sampleLeg(order)] };
};

describe('the template', () => {
  it('escapes text, lists of text and objects that pose as HTML', () => {
    expect(html`<p title="${`"'&`}">${['<b>', '<i>']}</p>`.text).toBe(
      '<p title="&quot;&#39;&amp;">&lt;b&gt;&lt;i&gt;</p>',
    );
    expect(html`${{ text: '<script>' }}`.text).not.toContain('<script>');
    expect(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${null}${false}${0}</ul>`.text).toBe(
      '<ul><li>1</li><li>2</li>0</ul>',
    );
  });
});

describe('the page', () => {
  it('is complete without the script', () => {
    const text = page({ ...oneOrder('#1001'), connections: [sampleConnection('cn_shop')] });
    for (const expected of ['#1001', 'Shopify', 'Ada Lovelace', '25.50 GBP', 'fulfilment order', 'real time'])
      expect(text).toContain(expected);
    for (const mode of MODE_NAMES) expect(text).toContain(html`${MODES[mode].title}`.text);
  });

  it('takes what comes from outside as text', () => {
    const exception: ExceptionRecord = {
      _id: EVIL,
      workspaceId: WORKSPACE,
      cause: 'failed_job',
      subject: { kind: 'job', id: 'j' },
      orderId: null,
      detail: EVIL,
      retry: null,
      state: 'open',
      note: '',
      openedAtMs: NOW,
      closedAtMs: null,
    };
    const { shipTo: _none, ...order } = sampleOrder(EVIL);
    const text = page({
      ...oneOrder(EVIL, {
        ...order,
        shipTo: null,
        buyer: { externalId: null, name: EVIL, email: '' },
        state: 'routed',
      }),
      connections: [sampleConnection('cn_shop', { name: EVIL, state: 'needs_attention', lastError: EVIL })],
      exceptions: [exception],
      openExceptions: 1,
      depths: { [EVIL]: 1 },
    });
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toContain('<img src=x');
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  });

  it('has no inline script, style or handler', () => {
    const text = page(oneOrder('#1'));
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    expect(text).toContain('<script type="module" src="/console/app.js"></script>');
  });

  it('says what to do while there are no orders', () => {
    expect(page({})).toContain('No orders yet');
    expect(page({})).toContain('<b>To do:</b> connect a storefront');
    expect(page({ connections: [sampleConnection('a', { name: 'My shop' })] })).toContain(
      '<b>Done:</b> connect a storefront (My shop)',
    );
    expect(page(oneOrder('#1'))).not.toContain('No orders yet');
  });

  it('shows a connection of which not all can be read as not fine, and which of it', () => {
    const connections = [sampleConnection('cn_shop')];
    const unreadable = new Map([['cn_shop', { orders: 2, listings: 1, stock: 0 }]]);
    const text = page({ connections, unreadable });
    expect(text).toContain('not all read');
    expect(text).toContain('Cannot be read: 2 orders, 1 listing');
    expect(page({ connections, unreadable: new Map() })).not.toMatch(/not all read|Cannot be read/);
    // What stands still for another reason says that first.
    const paused = page({ connections: [sampleConnection('cn_shop', { state: 'paused' })], unreadable });
    expect(paused).toContain('paused');
    expect(paused).not.toContain('not all read');
    expect(paused).toContain('Cannot be read: 2 orders, 1 listing');
  });

  it('says when time is simulated, and how fast', () => {
    expect(page({}, 300)).toContain('simulated time, ×300');
    expect(page({}, 1.01)).toContain('real time');
  });

  it('asks for a key where there is nothing to show, and never puts it in an address', () => {
    const text = renderPage(null);
    expect(text).toContain('API key of your workspace');
    expect(text).not.toMatch(/<input[^>]*\sname=/);
  });
});
