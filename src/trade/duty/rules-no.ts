import type { RuleTable } from '../rule.ts';
import { lookedUp, row, source } from './dated-row.ts';

const voec = source(
  'Skatteetaten, VAT on e-commerce (VOEC)',
  'https://www.skatteetaten.no/en/business-and-organisation/vat-and-duties/vat/foreign/e-commerce-voec/',
);

/** The scheme is for items below this price, in NOK, without freight. */
export const noVoecLimit: RuleTable<string> = {
  id: 'no.voec-limit',
  name: 'Norwegian VOEC limit for each item',
  rows: [row('2024-01-01', null, '3000', { source: voec, status: 'verified' })],
};

export const noVat: RuleTable<string> = {
  id: 'no.vat',
  name: 'Norwegian standard VAT rate',
  rows: [row('2024-01-01', null, '0.25', { source: voec, status: 'verified' })],
};

/** The scheme excludes chapters 1 to this one: animals, plants, food and drink. */
export const noVoecExcluded: RuleTable<number> = {
  id: 'no.voec-excluded',
  name: 'Goods the Norwegian VOEC scheme leaves out',
  rows: [
    row('2024-01-01', null, 22, {
      source: lookedUp(
        'Norwegian Customs, 2019: foodstuffs with supplements and vitamins, goods under excise (such as lubricating oils and climate gases) or restricted (such as medicines, plants and seeds)',
        'https://toll.no/en/about-norwegian-customs/news/arkiv/2019/aim-to-limit-online-purchases-of-snacks-and-soft-drinks',
      ),
      status: 'general_knowledge',
      note: 'taken as chapters 1 to 22 and tobacco; supplements, medicines, restricted goods and other goods under excise have to be marked as restricted',
    }),
  ],
};
