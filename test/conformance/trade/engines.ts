import { answer as aql } from './aql.ts';
import { answer as checkdigit } from './checkdigit.ts';
import { answer as cnRefund } from './cn-refund.ts';
import { answer as credit } from './credit.ts';
import { answer as dg } from './dg.ts';
import { answer as duty } from './duty.ts';
import { answer as fx } from './fx.ts';
import { answer as hs } from './hs.ts';
import { answer as incoterms } from './incoterms.ts';
import { answer as lc } from './lc.ts';
import { answer as market } from './market.ts';
import { answer as money } from './money.ts';
import { answer as names } from './names.ts';
import { answer as returns } from './returns.ts';
import { answer as sanctions50 } from './sanctions50.ts';
import { answer as stock } from './stock.ts';
import type { Answer } from './vector.ts';
import { answer as writeoff } from './writeoff.ts';

/** The engine for each file of questions, by file name. */
export const ENGINES: Readonly<Record<string, Answer>> = {
  aql,
  checkdigit,
  'cn-refund': cnRefund,
  credit,
  dg,
  duty,
  fx,
  hs,
  incoterms,
  lc,
  market,
  money,
  names,
  returns,
  sanctions50,
  stock,
  writeoff,
};
