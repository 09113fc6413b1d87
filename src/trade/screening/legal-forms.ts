/** Classes of legal forms, whatever a country calls them. */
export const FORM_CLASSES = ['limited', 'joint-stock', 'partnership', 'sole', 'company', 'non-profit'] as const;
export type FormClass = (typeof FORM_CLASSES)[number];

/**
 * Legal forms after normalising (lower case, no dots, Latin letters). General knowledge of company law in the
 * countries; the classes only say what counts as the same when names are compared.
 */
const LATIN: Readonly<Record<FormClass, string>> = {
  limited:
    'ltd|limited|pte ltd|pty ltd|pvt ltd|private limited|co ltd|company limited|llc|l l c|wll|fze|fzc|fzco|fzllc|dmcc' +
    '|gmbh|ug|sarl|sas|sasu|srl|srls|sl|slu|sociedad limitada|lda|ltda|bv|bvba|sprl|aps|as|oy|oue|sia|uab|sp z oo|spolka z oo' +
    '|sro|spol s ro|doo|dooel|eood|ood|kft|shpk|ooo|too|tov|mchj|mmc|s de rl|s de rl de cv|sdn bhd|gk|yk|godo kaisha|limited liability company' +
    '|obshchestvo s ogranichennoy otvetstvennostyu|limited sirketi|ltd sti|youxian gongsi|youxian zeren gongsi|you xian gong si|you xian ze ren gong si|jituan youxian gongsi',
  'joint-stock':
    'plc|inc|incorporated|corp|corporation|ag|sa|sa de cv|sab de cv|sapi de cv|spa|nv|ab|abp|asa|oyj|se|ad|ead|dd|akciju sabiedriba|rt|nyrt|zrt' +
    '|bhd|tbk|kk|kabushiki kaisha|jsc|pjsc|ojsc|cjsc|psc|qpsc|saog|saoc|kscp|oao|zao|pao|ao|aat|pat|joint stock company' +
    '|public joint stock company|open joint stock company|closed joint stock company|anonim sirketi|gufen youxian gongsi|gufen youxian zeren gongsi|gu fen you xian gong si',
  partnership:
    'llp|lp|kg|ohg|og|gbr|kgaa|gmbh co kg|gmbh and co kg|gmbh and co ohg|gmbh and co kgaa|ag and co kg|and co kg|snc|sas di|sca|scs|cv|vof|kd|ks|ky|sp k|sp j|limited partnership|general partnership',
  sole: 'ek|ei|eirl|ip|fop|sole proprietor|sole proprietorship|sp',
  company:
    'co|company|and co|and company|and co ltd|cie|et cie|compagnie|company inc|co inc|jv|joint venture|sh co|gongsi|gong si',
  'non-profit': 'ev|ngo|ano|asbl|vzw|npo|npc|stichting|stiftung',
};

/**
 * Written without spaces, at the end of a name (Chinese, Korean) or at either end (Japanese, Korean). Longest first.
 */
const UNSPACED: readonly (readonly [string, FormClass])[] = [
  ['주식회사'.normalize('NFKD'), 'joint-stock'],
  ['유한회사'.normalize('NFKD'), 'limited'],
  ['股份有限责任公司', 'joint-stock'],
  ['有限責任公司', 'limited'],
  ['有限责任公司', 'limited'],
  ['股份有限公司', 'joint-stock'],
  ['集团有限公司', 'limited'],
  ['集團有限公司', 'limited'],
  ['有限合伙', 'partnership'],
  ['普通合伙', 'partnership'],
  ['有限公司', 'limited'],
  ['株式会社', 'joint-stock'],
  ['株式會社', 'joint-stock'],
  ['合同会社', 'limited'],
  ['有限会社', 'limited'],
  ['公司', 'company'],
];

const FRONT_TOO = new RegExp(`社$|${'회사'.normalize('NFKD')}$`);
const MAX_FORM_WORDS = 6;
const FORMS = new Map<string, FormClass>(
  FORM_CLASSES.flatMap((form) => LATIN[form].split('|').map((words) => [words, form] as const)),
);
/** Forms that Slavic, Indonesian and Dutch names put in front. */
const IN_FRONT = new Set([
  'ooo',
  'oao',
  'zao',
  'pao',
  'ao',
  'too',
  'tov',
  'pat',
  'aat',
  'ano',
  'ip',
  'fop',
  'pt',
  'cv',
  'stichting',
]);

export interface WithoutForms {
  tokens: readonly string[];
  forms: readonly FormClass[];
}

const lastForm = (tokens: readonly string[]): { words: number; form: FormClass } | null => {
  for (let words = Math.min(MAX_FORM_WORDS, tokens.length - 1); words > 0; words--) {
    const form = FORMS.get(tokens.slice(-words).join(' '));
    if (form) return { words, form };
  }
  return null;
};

const unspacedForm = (token: string, place: 'front' | 'end'): { rest: string; form: FormClass } | null => {
  for (const [written, form] of UNSPACED) {
    if (place === 'end' && token.endsWith(written)) return { rest: token.slice(0, -written.length), form };
    if (FRONT_TOO.test(written) && token.startsWith(written)) return { rest: token.slice(written.length), form };
  }
  return null;
};

/**
 * Splits an organisation's name into the tokens without its legal forms and the classes of these forms. At least one
 * token remains: a name that consists only of legal forms is kept. A form in the middle of a name is a normal word.
 */
export const withoutForms = (tokens: readonly string[]): WithoutForms => {
  let left = tokens;
  const forms: FormClass[] = [];
  for (let found = lastForm(left); found; found = lastForm(left)) {
    left = left.slice(0, -found.words);
    forms.push(found.form);
  }
  const first = left[0];
  if (left.length > 1 && first !== undefined && IN_FRONT.has(first)) {
    left = left.slice(1);
    forms.push(FORMS.get(first) ?? 'limited');
  }
  for (const place of ['end', 'front'] as const) {
    const token = left.at(place === 'end' ? -1 : 0);
    const unspaced = token === undefined ? null : unspacedForm(token, place);
    if (!unspaced || (unspaced.rest === '' && left.length === 1)) continue;
    const rest = unspaced.rest === '' ? [] : [unspaced.rest];
    left = place === 'end' ? [...left.slice(0, -1), ...rest] : [...rest, ...left.slice(1)];
    forms.push(unspaced.form);
  }
  return { tokens: left, forms };
};
