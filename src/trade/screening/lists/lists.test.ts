import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeniedPersons } from './denied-persons.ts';
import { fieldsOf, linesOf } from './list-rows.ts';
import { readOfac } from './ofac.ts';
import { readUnitedNations } from './united-nations.ts';
import { xmlEvents } from './xml-events.ts';

const nulls = (count: number) => Array.from({ length: count }, () => '-0- ').join(',');
const SDN = [
  `101,"EXEMPLAROV, Testimir","individual","MADE1] [MADE2",${nulls(7)},"DOB 09 Apr 1961; alt. DOB circa 1962; alt. DOB 1960 to 1963; nationality Russia; Passport 71 8765432 (Russia); a.k.a. 'ZAUBERFUCHS'; POB Examp`,
  `102,"NORDLICHT ""MUSTER"" HANDEL, LLC",-0- ,"MADE1",${nulls(7)},"Tax ID No. 12345 (United Arab Emirates); Digital Currency Address - XBT abc123XYZ."`,
  `103,"MUSTERSTERN","vessel","MADE2",-0- ,"AB1CD","Tanker",-0- ,-0- ,"Iran",-0- ,"Vessel Registration Identification IMO 9074729; MMSI 572469210."`,
  `104,"XX-ABC","aircraft","MADE2",${nulls(7)},-0- `,
].map((line, at) => (at === 0 ? `${line}"` : line));

describe('OFAC’s files', () => {
  it('become entries with kinds, programmes, births, countries, numbers and aliases', () => {
    const { entries, files, badRows } = readOfac({
      sdn: SDN,
      alt: ['101,1,"aka","PRIMEROV, Testimir",-0- '],
      add: ['102,1,"Street 1","Dubai","United Arab Emirates",-0- ', `104,2,${nulls(3)},-0`],
      comments: ['101,"le City; citizen Belarus."', '\u001a'],
    });
    expect(badRows).toEqual([]);
    expect(files.map(({ file, rows }) => [file, rows])).toEqual([
      ['sdn', 4],
      ['comments', 1],
      ['alt', 1],
      ['add', 2],
    ]);
    expect(entries[0]).toMatchObject({
      id: '101',
      kind: 'person',
      name: 'EXEMPLAROV, Testimir',
      programs: ['MADE1', 'MADE2'],
      countries: ['RU', 'BY'],
      births: [
        { from: '1961-04-09', to: '1961-04-09', circa: false },
        { from: '1962', to: '1962', circa: true },
        { from: '1960', to: '1963', circa: false },
      ],
      identifiers: [{ type: 'passport', value: '71 8765432', country: 'RU' }],
      aliases: [
        { name: 'PRIMEROV, Testimir', weak: false, label: 'aka' },
        { name: 'ZAUBERFUCHS', weak: true, label: 'aka' },
      ],
      remarks: expect.stringContaining('POB Example City; citizen'),
    });
    expect(entries[1]).toMatchObject({
      kind: 'organisation',
      name: 'NORDLICHT "MUSTER" HANDEL, LLC',
      countries: ['AE'],
      identifiers: [
        { type: 'tax', value: '12345', country: 'AE' },
        { type: 'wallet', value: 'abc123XYZ' },
      ],
    });
    expect(entries[2]).toMatchObject({
      kind: 'vessel',
      countries: ['IR'],
      identifiers: [{ type: 'imo', value: '9074729' }, { type: 'mmsi' }, { type: 'call_sign', value: 'AB1CD' }],
    });
    expect(entries[3]).toMatchObject({ kind: 'aircraft', identifiers: [{ type: 'tail', value: 'XX-ABC' }] });
  });

  it('lose no good row to a bad one: each bad row is counted and named', () => {
    const bad = [
      `x,"NO NUMBER",-0- ,-0- ,${nulls(8)}`,
      '105,"TOO SHORT"',
      '106,"OPEN',
      `101,"TWICE",-0- ,-0- ,${nulls(8)}`,
      `107,-0- ,-0- ,-0- ,${nulls(8)}`,
      `108,"STRANGE","planet",-0- ,${nulls(8)}`,
    ];
    const { entries, files, badRows } = readOfac({ sdn: [...SDN, ...bad, ''], alt: ['999,1,"aka","NOBODY",-0- '] });
    expect(entries).toHaveLength(4);
    expect(files).toEqual([
      { file: 'sdn', rows: 10, processed: 4, failed: 6 },
      { file: 'comments', rows: 0, processed: 0, failed: 0 },
      { file: 'alt', rows: 1, processed: 0, failed: 1 },
      { file: 'add', rows: 0, processed: 0, failed: 0 },
    ]);
    expect(badRows.map(({ file, row, reason }) => `${file} ${row} ${reason}`)).toEqual([
      'sdn 5 ent_num: “x” is not a number',
      'sdn 6 sdn: has 2 columns, not 12',
      'sdn 7 sdn: a quote is not closed',
      'sdn 8 ent_num: 101 occurs twice',
      'sdn 9 SDN_Name: is empty; give the name of the party',
      'sdn 10 SDN_Type: “planet” is not known',
      'alt 1 ent_num: no entry 999 in sdn',
    ]);
  });

  it('balance for any lines at all: processed and failed rows are all rows', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...SDN), fc.string())), (lines) => {
        for (const { rows, processed, failed } of readOfac({ sdn: lines, alt: lines }).files)
          expect(processed + failed).toBe(rows);
      }),
    );
  });
});

const HEADER = [
  'Name',
  'Street_Address',
  'City',
  'State',
  'Country',
  'Postal_Code',
  'Effective_Date',
  'Expiration_Date',
  'Standard_Order',
  'Last_Update',
  'Action',
  'FR_Citation',
];
const tabbed = (...fields: string[]) => fields.map((field) => `"${field}"`).join('\t');
const denied = (name: string, country: string, from: string, to: string) =>
  tabbed(name, 'Street', 'City', 'TX', country, '1', from, to, 'Y', '2020-01-01', 'NEW', '1 F.R. 1');

describe('the denied persons list', () => {
  it('becomes entries with the days between which an order has effect', () => {
    const { entries, files } = readDeniedPersons([
      tabbed(...HEADER),
      denied(' SAMPLE TRADER', 'GB', '10/16/2017', '10/13/2020'),
      denied('SAMPLE TRADER', '', '10/16/2017', ''),
      tabbed('X'),
    ]);
    expect(entries.map(({ id, name, countries, effective }) => ({ id, name, countries, ...effective }))).toEqual([
      {
        id: 'SAMPLE TRADER 10/16/2017',
        name: 'SAMPLE TRADER',
        countries: ['GB'],
        from: '2017-10-16',
        to: '2020-10-13',
      },
      { id: 'SAMPLE TRADER 10/16/2017 #2', name: 'SAMPLE TRADER', countries: [], from: '2017-10-16', to: null },
    ]);
    expect(files).toEqual([{ file: 'dpl', rows: 3, processed: 2, failed: 1 }]);
  });

  it('is refused without its columns', () => {
    expect(() => readDeniedPersons(['<html>'])).toThrow('no column Name');
    expect(() => readDeniedPersons([])).toThrow('no column Name');
  });
});

const UN = `<?xml version="1.0" encoding="UTF-8"?>
<!-- made up -->
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z"><INDIVIDUALS><INDIVIDUAL>
  <DATAID>1</DATAID><FIRST_NAME>TESTIMIR</FIRST_NAME><SECOND_NAME>EXEMPLAROV &amp; Co</SECOND_NAME>
  <UN_LIST_TYPE>MADE</UN_LIST_TYPE><REFERENCE_NUMBER>MUi.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
  <NATIONALITY><VALUE>Iran (Islamic Republic of)</VALUE></NATIONALITY>
  <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Fuchs</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Testymyr
     Exemplarov</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1961</FROM_YEAR><TO_YEAR>1963</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1970</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>OB 123456</NUMBER><ISSUING_COUNTRY>Turkey</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>
</INDIVIDUAL><INDIVIDUAL><DATAID>2</DATAID></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>3</DATAID><FIRST_NAME>MUSTER <![CDATA[<FRONT>]]></FIRST_NAME><REFERENCE_NUMBER>MUe.001</REFERENCE_NUMBER>
  <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Sample &#x46;ront</ALIAS_NAME></ENTITY_ALIAS>
  <ENTITY_ADDRESS><COUNTRY>Democratic Republic of the Congo</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES></CONSOLIDATED_LIST>`;

describe('the United Nations list', () => {
  it('becomes entries with aliases by quality, births, countries and documents; a record without a name is counted', () => {
    const { entries, files, badRows, date } = readUnitedNations([UN]);
    expect(date).toBe('2026-02-27');
    expect(files).toEqual([{ file: 'un', rows: 3, processed: 2, failed: 1 }]);
    expect(badRows[0]?.reason).toContain('FIRST_NAME: has no name that can be compared');
    expect(entries).toMatchObject([
      {
        id: 'MUi.001',
        kind: 'person',
        name: 'TESTIMIR EXEMPLAROV & Co',
        countries: ['IR'],
        programs: ['MADE'],
        aliases: [
          { name: 'Fuchs', weak: true },
          { name: 'Testymyr Exemplarov', weak: false },
        ],
        births: [
          { from: '1961', to: '1963', circa: false },
          { from: '1970', to: '1970', circa: true },
        ],
        identifiers: [{ type: 'passport', value: 'OB 123456', country: 'TR' }],
      },
      {
        id: 'MUe.001',
        kind: 'organisation',
        name: 'MUSTER <FRONT>',
        countries: ['CD'],
        aliases: [{ name: 'Sample Front' }],
      },
    ]);
  });

  it('is read the same however the file is cut into pieces', () => {
    const whole = readUnitedNations([UN]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (size) => {
        const pieces = Array.from({ length: Math.ceil(UN.length / size) }, (_, at) =>
          UN.slice(at * size, (at + 1) * size),
        );
        expect(readUnitedNations(pieces)).toEqual(whole);
      }),
    );
  });

  it.each([
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'a document type or entity declaration is not accepted'],
    ['<a>&b;</a>', 'the entity &b; is not accepted'],
    ['<a>x & y</a>', 'an & stands alone'],
    ['<a>&#xD800;</a>', 'is not accepted'],
    ['<a><b></a></b>', '</a> has no matching opening tag'],
    ['<a><b></b>', 'the file ends before </a>'],
    ['<a', 'the file ends within a tag'],
    ['<a/><b/>', 'more than one root'],
    ['<a/>text', 'there is text outside the root'],
    ['', 'the file is empty'],
    ['<a>'.repeat(1_000), 'nested more than 32 deep'],
    ['<other/>', 'is not the consolidated list'],
  ])('refuses %s', (xml, reason) => {
    expect(() => readUnitedNations([xml])).toThrow(reason);
  });

  it('refuses, and never hangs on, what is no XML', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<', '>', 'a', '/', '&', ';', '"', '!', '--', '?', ' ', '=', ']]>', '<![CDATA[')),
        (parts) => {
          try {
            for (const event of xmlEvents([parts.join('')])) expect(event.type).toMatch(/open|text|close/);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid' });
          }
        },
      ),
    );
  });
});

describe('lines and fields', () => {
  it('are what was joined', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        const line = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        expect(fieldsOf(line, ',')).toEqual(fields);
      }),
    );
    expect([...linesOf('a\r\nb\n\nc')]).toEqual(['a', 'b', '', 'c']);
    expect(fieldsOf('a,,', ',')).toEqual(['a', '', '']);
    expect([fieldsOf('"a"b,c', ','), fieldsOf('"a', ',')]).toEqual([null, null]);
  });
});
