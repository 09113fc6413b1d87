import { row, source } from '../currency/dated-row.ts';
import type { PlainDate } from '../plain-date.ts';
import { mergeNotices, type Notice, noRow, type RuleTable, ruleOn } from '../rule.ts';

/** The kind of sale, as far as the supervision mode depends on it. Papers and refunds share these words. */
export const SALES = ['general-trade', 'b2c-direct', 'bonded-stock', 'b2b-direct', 'overseas-warehouse'] as const;
export type Sale = (typeof SALES)[number];

export interface CustomsMode {
  name: string;
  use: string;
  sales: readonly Sale[];
  /** False for a mode that is only for imports. */
  exports: boolean;
}

const mode = (code: string, rows: RuleTable<CustomsMode>['rows']): RuleTable<CustomsMode> => ({
  id: `cn.mode.${code}`,
  name: `China: customs supervision mode ${code}`,
  rows,
});

/** Customs supervision modes by the code on the declaration. */
export const CUSTOMS_MODES: ReadonlyMap<string, RuleTable<CustomsMode>> = new Map(
  [
    mode('0110', [
      row(
        null,
        null,
        {
          name: '一般贸易',
          use: 'general trade',
          sales: ['general-trade', 'b2b-direct', 'b2c-direct', 'overseas-warehouse'],
          exports: true,
        },
        { source: source('Customs supervision mode codes, 0110'), status: 'general_knowledge' },
      ),
    ]),
    mode('9610', [
      row(
        '2014-02-10',
        null,
        {
          name: '跨境贸易电子商务',
          use: 'B2C direct mail, list release and summary',
          sales: ['b2c-direct'],
          exports: true,
        },
        { source: source('海关总署公告2014年第12号'), status: 'general_knowledge' },
      ),
    ]),
    mode('1210', [
      row(
        '2014-08-01',
        null,
        {
          name: '保税跨境贸易电子商务',
          use: 'stock in a bonded zone; refund on entry into the zone',
          sales: ['bonded-stock'],
          exports: true,
        },
        { source: source('海关总署公告2014年第57号'), status: 'general_knowledge' },
      ),
    ]),
    mode('1239', [
      row(
        '2016-12-01',
        null,
        { name: '保税跨境贸易电子商务A', use: 'import only', sales: [], exports: false },
        {
          source: source(
            '海关总署公告2016年第75号',
            'https://swj.changzhou.gov.cn/html/swj/2016/NLJEJFFK_1207/12976.html',
          ),
          status: 'verified',
        },
      ),
    ]),
    mode('9710', [
      row(
        '2020-07-01',
        null,
        {
          name: '跨境电商B2B直接出口',
          use: 'B2B sale over a platform, sent directly',
          sales: ['b2b-direct'],
          exports: true,
        },
        {
          source: source(
            '海关总署公告2020年第75号, as summed up',
            'https://m.oujiangroup.com/news/summary-and-analysis-of-the-new-policy-implemented-by-customs-in-july/',
          ),
          status: 'verified',
        },
      ),
    ]),
    mode('9810', [
      row(
        '2020-07-01',
        null,
        {
          name: '跨境电商出口海外仓',
          use: 'stock sent to an overseas warehouse; no registration of it since 2024-12-15',
          sales: ['overseas-warehouse'],
          exports: true,
        },
        {
          source: source(
            '海关总署公告2020年第75号 and 2024年第167号; 国家税务总局公告2025年第3号',
            'https://newsbites.hktdc.com/?p=34345',
          ),
          status: 'verified',
        },
      ),
    ]),
  ].map((table) => [table.id.slice('cn.mode.'.length), table]),
);

const tableOf = (code: string): RuleTable<CustomsMode> => {
  const table = CUSTOMS_MODES.get(code);
  if (!table) throw noRow(`the customs supervision mode “${code.slice(0, 20)}”`, 'mode');
  return table;
};

export interface ModeCheck {
  mode: CustomsMode;
  fits: boolean;
  notices: readonly Notice[];
}

/**
 * Whether the mode on the declaration fits the kind of sale. A mismatch gives an advice; an unknown sale (null) is no
 * mismatch. Throws `no_row` for a code not on file.
 */
export const checkMode = (code: string, sale: Sale | null, exportDate: PlainDate, today: PlainDate): ModeCheck => {
  const table = tableOf(code);
  const { value, notices } = ruleOn(table, { on: exportDate, today }, 'exportDate');
  const serves = (mode: CustomsMode): boolean => sale === null || (mode.exports && mode.sales.includes(sale));
  const fits = serves(value);
  const others = [...CUSTOMS_MODES]
    .filter(([, { rows }]) => rows.some((entry) => serves(entry.value)))
    .map(([other]) => other);
  const advice: Notice = {
    code: 'advice',
    rule: table.id,
    message: `mode ${code} (${value.use}) does not fit ${sale}; customs knows ${others.join(' or ')} for it`,
  };
  return { mode: value, fits, notices: mergeNotices(notices, fits ? [] : [advice]) };
};
