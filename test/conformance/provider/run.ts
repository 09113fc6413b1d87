import { writeFileSync } from 'node:fs';
import type { Coverage } from '#kit';
import { coverage as cj } from '../../../connectors/cj/coverage.ts';
import { coverage as easypost } from '../../../connectors/easypost/coverage.ts';
import { coverage as shopify } from '../../../connectors/shopify/coverage.ts';
import { coverage as woocommerce } from '../../../connectors/woocommerce/coverage.ts';
import { conformanceOf, printed, type Report } from './conformance.ts';
import { graphqlRecordings, jsonRecordings, type Recordings } from './recordings.ts';

export interface Provider {
  coverage: Coverage;
  read(provider: string, data: string, coverage: Coverage): Recordings;
}

export const PROVIDERS: Readonly<Record<string, Provider>> = {
  cj: { coverage: cj, read: jsonRecordings },
  easypost: { coverage: easypost, read: jsonRecordings },
  shopify: { coverage: shopify, read: graphqlRecordings },
  woocommerce: { coverage: woocommerce, read: jsonRecordings },
};

export const reportOf = (name: string, { coverage, read }: Provider, data: string): Report => {
  const { files, words, marks } = read(name, data, coverage);
  return conformanceOf(name, coverage, files, words, marks);
};

/** Prints what became of each recorded answer; 0 where nothing is lost, refused, unexplained or too little. */
export const runProvider = (
  name: string,
  data: string,
  json: string | undefined,
  print: (line: string) => void,
): number => {
  const provider = PROVIDERS[name];
  if (!provider) {
    print(`No connector “${name}” is covered: ${Object.keys(PROVIDERS).join(', ')}.`);
    return 2;
  }
  const report = reportOf(name, provider, data);
  for (const line of printed(report)) print(line);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 1)}\n`);
  return report.good ? 0 : 1;
};
