import type { Command } from './command.ts';
import { importList } from './trade-import.ts';
import { isQuestion, questionOf } from './trade-questions.ts';
import { shown, shownLists } from './trade-tables.ts';

const OPTIONS = [
  'file',
  'on',
  'to',
  'hs',
  'value',
  'currency',
  'quantity',
  'duty-rate',
  'weight',
  'origin',
  'freight',
  'insurance',

  'channel',
  'sale',
  'scheme',
  'name',
  'alias',
  'kind',
  'born',
  'country',
  'id',
  'threshold',
  'lot',
  'level',
  'aql',

  'critical',
  'major',
  'minor',
  'standard',
  'severity',
  'counts',
  'contract',
  'presentation',
  'amendment',
  'transfer-of',
  'company',

  'invoice',
  'tax-rate',
  'refund-rate',
  'product',
  'export-date',
  'fob',
  'output-vat',
  'input-vat',
  'previous-credit',
  'duty-free-materials',
  'edition',
  'stored-as',
  'alt',
  'add',
  'comments',
  'date',
  'source',
];

const WORDS = `trade WHAT [--json]
      duty      --file question.json | --to DE --hs 610910 --value 120.00 --currency EUR --duty-rate 0.12 --origin CN
      screen    --name "…" [--country CN] [--born 1971-03-08] [--kind person] [--alias a,b] [--id imo:9074729]
      aql       --lot 1000 --level II --aql 2.5 | --lot 1000 --critical 0 --major 2.5 --minor 4.0
      lc        --file mt700.txt [--contract contract.json] [--presentation documents.json] [--amendment mt707.txt] [--transfer-of mt700.txt]
      refund    --invoice 100000 --tax-rate 0.13 --product battery --export-date 2026-05-20 | --fob … --input-vat …
      hs        --hs 851713 [--country DE] [--edition HS2022]
      incoterms --file question.json
      lists
      import    --kind ofac_sdn --file sdn.csv [--alt alt.csv --add add.csv --comments sdn_comments.csv]
                --date 2026-11-20 --source URL [--force]   (also un_consolidated, bis_dpl, eu_consolidated,
                uk_sanctions, ch_seco, cn_mofcom, hs_edition --edition HS2022)`;

export const trade: Command = {
  words: WORDS,
  says: 'asks the rules of foreign trade, each answer with what must be known before relying on it; keeps the official lists',
  options: {
    ...Object.fromEntries(OPTIONS.map((name) => [name, { type: 'string' } as const])),
    json: { type: 'boolean' },
    force: { type: 'boolean' },
  },
  async run({ api, args: [what = ''], values, say, print, progress }) {
    const json = values['json'] !== undefined;
    const told = (answer: unknown, lines: () => string[]): void => {
      if (json) say(answer);
      else for (const line of lines()) print(line);
    };
    if (what === 'lists') {
      const items: unknown[] = [];
      for await (const item of api.all<unknown>('/v1/trade/lists')) items.push(item);
      told(items, () => shownLists(items));
      return 'done';
    }
    if (what === 'import') {
      const imported = await importList(api, values, { print: json ? progress : print, progress });
      if (imported === null) return 'usage';
      if (json) say(imported);
      return 'done';
    }
    const question = isQuestion(what) ? questionOf(what, values) : null;
    if (!isQuestion(what) || question === null) return 'usage';
    const answer = await api.post(`/v1/trade/${what}`, question);
    told(answer, () => shown(what, answer));
    return 'done';
  },
};
