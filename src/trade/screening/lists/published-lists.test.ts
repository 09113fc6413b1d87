import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEuropeanUnion } from './european-union.ts';
import { readSwitzerland } from './switzerland.ts';
import { readUnitedKingdom } from './united-kingdom.ts';

const inPieces = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));

const EU = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-11-20T17:00:34.049+01:00" globalFileId="1">
  <sanctionEntity designationDate="2014-03-21" unitedNationId="" euReferenceNumber="EU.1.1" logicalId="11">
    <remark>Made up &amp; nothing else</remark>
    <regulation regulationType="regulation" programme="MADE" logicalId="1"><publicationUrl>x</publicationUrl></regulation>
    <regulation regulationType="amendment" programme="MADE" logicalId="2"/>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="" middleName="" lastName="" wholeName="Zauberfuchs" strong="true" logicalId="3"><remark>good to know;
      Low quality alias</remark></nameAlias>
    <nameAlias firstName="Testimir" middleName="" lastName="Exemplarov" wholeName="" nameLanguage="EN" strong="true"/>
    <nameAlias wholeName="Тестимир Экземпларов" nameLanguage="RU" strong="true"/>
    <nameAlias wholeName="Fuchs" strong="false"/>
    <nameAlias wholeName="-" strong="true"/>
    <citizenship region="" countryIso2Code="00" countryDescription="UNKNOWN"/>
    <citizenship countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"/>
    <birthdate circa="false" calendarType="GREGORIAN" birthdate="1961-04-09" dayOfMonth="9" monthOfYear="4" year="1961"/>
    <birthdate circa="true" calendarType="GREGORIAN" year="1962"/>
    <birthdate circa="false" calendarType="GREGORIAN" yearRangeFrom="1960" yearRangeTo="1963"/>
    <birthdate circa="false" calendarType="GREGORIAN" yearRangeTo="1963"/>
    <birthdate circa="false" calendarType="ISLAMIC" year="1343"/>
    <identification identificationTypeCode="passport" number="71 8765432" countryIso2Code="RU" knownFalse="false"/>
    <identification identificationTypeCode="passport" number="FORGED1" countryIso2Code="RU" knownFalse="true"/>
    <identification identificationTypeCode="drivinglicence" number="123456"/>
  </sanctionEntity>
  <sanctionEntity logicalId="12"><subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="Nordlicht Musterhandel" strong="true"/><address countryIso2Code="AE"/>
    <identification identificationTypeCode="regnumber" number="" latinNumber="HRB 1234" countryIso2Code="00"/>
  </sanctionEntity>
  <sanctionEntity logicalId="13"><subjectType code="enterprise"/></sanctionEntity>
  <sanctionEntity euReferenceNumber="EU.1.1"><subjectType code="person"/><nameAlias wholeName="Twice"/></sanctionEntity>
</export>`;

describe('the list of the European Union', () => {
  it('becomes entries with names in every language, weak ones, births, countries, numbers and programmes', () => {
    const { entries, files, badRows, date } = readEuropeanUnion([EU]);
    expect(date).toBe('2026-11-20');
    expect(files).toEqual([{ file: 'eu', rows: 4, processed: 2, failed: 2 }]);
    expect(badRows.map(({ row, reason }) => [row, reason])).toEqual([
      [3, expect.stringContaining('nameAlias: has no name that can be compared')],
      [4, 'euReferenceNumber: EU.1.1 occurs twice'],
    ]);
    expect(entries).toEqual([
      {
        id: 'EU.1.1',
        kind: 'person',
        name: 'Testimir Exemplarov',
        programs: ['MADE'],
        countries: ['RU'],
        aliases: [
          { name: 'Zauberfuchs', weak: true, label: 'aka' },
          { name: 'Тестимир Экземпларов', weak: false, label: 'RU' },
          { name: 'Fuchs', weak: true, label: 'aka' },
        ],
        births: [
          { from: '1961-04-09', to: '1961-04-09', circa: false },
          { from: '1962', to: '1962', circa: true },
          { from: '1960', to: '1963', circa: false },
        ],
        identifiers: [{ type: 'passport', value: '71 8765432', country: 'RU' }],
        effective: { from: '2014-03-21', to: null },
        remarks: 'Made up & nothing else',
      },
      {
        id: '12',
        kind: 'organisation',
        name: 'Nordlicht Musterhandel',
        aliases: [],
        programs: [],
        births: [],
        countries: ['AE'],
        identifiers: [{ type: 'registration', value: 'HRB 1234' }],
        effective: { from: null, to: null },
        remarks: '',
      },
    ]);
  });
});

const UK = `<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>20/11/2026</DateGenerated>
<Designation><LastUpdated>14/04/2026</LastUpdated><DateDesignated>25/01/2001</DateDesignated><UniqueID>MAD0006</UniqueID>
  <Names>
    <Name><Name6>Fuchs</Name6><NameType>ALias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
    <Name><Name1>TESTIMIR</Name1><Name2>BORISOVICH</Name2><Name6>EXEMPLAROV</Name6><NameType>Primary name</NameType></Name>
    <Name><Name1>Testymyr</Name1><Name6>Exemplarov</Name6><NameType>Primary Name Variation</NameType></Name>
  </Names>
  <NonLatinNames><NonLatinName><NameNonLatinScript>Тестимир</NameNonLatinScript></NonLatinName></NonLatinNames>
  <RegimeName>The Made Up Regulations 2020</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
  <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed><OtherInformation>Made up.</OtherInformation>
  <Addresses><Address><AddressLine6>Minsk</AddressLine6><AddressCountry>Belarus</AddressCountry></Address></Addresses>
  <IndividualDetails><Individual>
    <DOBs><DOB>dd/mm/1945</DOB><DOB>01/03/1958</DOB><DOB>dd/03/1959</DOB><DOB>unknown</DOB></DOBs>
    <Nationalities><Nationality>Russia</Nationality></Nationalities>
    <PassportDetails><Passport><PassportNumber>P04581926</PassportNumber></Passport>
      <Passport><PassportNumber>P04581926</PassportNumber></Passport></PassportDetails>
    <NationalIdentifierDetails><NationalIdentifier><NationalIdentifierNumber>2132370</NationalIdentifierNumber></NationalIdentifier></NationalIdentifierDetails>
  </Individual></IndividualDetails></Designation>
<Designation><UniqueID>MAD0075</UniqueID><IndividualEntityShip>Ship</IndividualEntityShip>
  <Names><Name><Name6>Musterstern</Name6><NameType>Primary Name</NameType></Name></Names>
  <ShipDetails><Ship><IMONumbers><IMONumber>IMO9074729</IMONumber></IMONumbers>
    <CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Comoros</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips></Ship></ShipDetails></Designation>
<Designation><Names><Name><Name6>No Number</Name6></Name></Names></Designation>
</Designations>`;

describe('the UK Sanctions List', () => {
  it('becomes entries with names by type, weak ones, births of which parts are unknown, flags and numbers', () => {
    const { entries, files, badRows, date } = readUnitedKingdom([UK]);
    expect(date).toBe('2026-11-20');
    expect(files).toEqual([{ file: 'uk', rows: 3, processed: 2, failed: 1 }]);
    expect(badRows).toMatchObject([{ row: 3, reason: 'UniqueID: is missing' }]);
    expect(entries).toEqual([
      {
        id: 'MAD0006',
        kind: 'person',
        name: 'TESTIMIR BORISOVICH EXEMPLAROV',
        countries: ['RU', 'BY'],
        programs: ['The Made Up Regulations 2020'],
        aliases: [
          { name: 'Fuchs', weak: true, label: 'ALias' },
          { name: 'Testymyr Exemplarov', weak: false, label: 'Primary Name Variation' },
          { name: 'Тестимир', weak: false, label: 'non-Latin script' },
        ],
        births: ['1945', '1958-03-01', '1959-03'].map((day) => ({ from: day, to: day, circa: false })),
        identifiers: [
          { type: 'passport', value: 'P04581926' },
          { type: 'national_id', value: '2132370' },
        ],
        effective: { from: '2001-01-25', to: null },
        remarks: 'Asset freeze|Travel Ban; Made up.',
      },
      {
        id: 'MAD0075',
        kind: 'vessel',
        name: 'Musterstern',
        aliases: [],
        programs: [],
        births: [],
        countries: ['KM'],
        identifiers: [{ type: 'imo', value: 'IMO9074729' }],
        effective: { from: null, to: null },
        remarks: '',
      },
    ]);
  });
});

const swissName = (type: string, quality: string, ...parts: string[]) =>
  `<name name-type="${type}" quality="${quality}">${parts.join('')}</name>`;
const swissPart = (order: number, type: string, value: string, more = '') =>
  `<name-part order="${order}" name-part-type="${type}"><value>${value}</value>${more}</name-part>`;
const CH = `<?xml version="1.0" encoding="UTF-8"?>
<swiss-sanctions-list list-type="whole-list" date="2026-11-20">
<sanctions-program ssid="20"><program-key lang="ger">Gemacht</program-key><program-key lang="eng">Made</program-key>
  <sanctions-set ssid="4387" lang="eng">article 1</sanctions-set></sanctions-program>
<target ssid="100"><sanctions-set-id>4387</sanctions-set-id><individual>
  <identity ssid="1" main="true">
    ${swissName(
      ...(['primary-name', 'good'] as const),
      swissPart(3, 'title', 'Colonel'),
      swissPart(
        2,
        'given-name',
        'Testimir',
        '<spelling-variant lang="RUS" script="CYRL">Тестимир</spelling-variant><spelling-variant lang="ENG" script="LATN">Testymyr</spelling-variant>',
      ),
      swissPart(
        1,
        'family-name',
        'Exemplarov',
        '<spelling-variant lang="RUS" script="CYRL">Экземпларов</spelling-variant>',
      ),
    )}
    ${swissName('alias', 'low', swissPart(1, 'whole-name', 'Fuchs'))}
    <day-month-year day="9" month="4" year="1961" quality="good"/><day-month-year year="1962" quality="low"/>
    <nationality><country iso-code="RU">Russian Federation</country></nationality>
    <address place-id="77"><zip-code>1</zip-code></address>
    <place-of-birth place-id="78"/>
    <identification-document document-type="diplomatic-passport"><number>71 8765432</number><issuer code="RU">Russia</issuer></identification-document>
  </identity>
  <identity ssid="2" main="false">${swissName('primary-name', 'good', swissPart(1, 'whole-name', 'Other Person'))}</identity>
  <other-information>Made up.</other-information></individual>
  <modification modification-type="amended" effective-date="2022-05-01"><added><identity main="true">
    ${swissName('primary-name', 'good', swissPart(1, 'whole-name', 'History'))}</identity></added></modification>
  <modification modification-type="listed" effective-date="2022-03-16"/></target>
<target ssid="101"><entity><identity main="true">${swissName('primary-name', 'good', swissPart(1, 'whole-name', 'Gone'))}</identity></entity>
  <modification modification-type="amended" publication-date="2025-06-03"/>
  <modification modification-type="de-listed" effective-date="2025-06-20"/></target>
<target ssid="102" sanctions-set-id="4387"><object object-type="vessel"><identity main="true">
  ${swissName('primary-name', 'good', swissPart(1, 'whole-name', 'Musterstern'))}</identity>
  <other-information>IMO Number: 9074729</other-information></object></target>
<target ssid="103"><individual/></target>
<place ssid="77"><location>Dubai</location><country iso-code="AE">United Arab Emirates</country></place>
</swiss-sanctions-list>`;

describe('the Swiss list', () => {
  it('becomes entries of what is listed now, with a name in each spelling, countries of places, and programmes', () => {
    const { entries, files, badRows, date } = readSwitzerland([CH]);
    expect(date).toBe('2026-11-20');
    expect(files).toEqual([{ file: 'ch', rows: 4, processed: 3, failed: 1 }]);
    expect(badRows).toMatchObject([{ row: 4, about: '103' }]);
    expect(entries).toEqual([
      {
        id: '100',
        kind: 'person',
        name: 'Exemplarov Testimir',
        programs: ['Made'],
        countries: ['RU', 'AE'],
        aliases: [
          { name: 'Экземпларов Тестимир', weak: false, label: 'primary-name' },
          { name: 'Exemplarov Testymyr', weak: false, label: 'primary-name' },
          { name: 'Fuchs', weak: true, label: 'alias' },
          { name: 'Other Person', weak: false, label: 'primary-name' },
        ],
        births: [
          { from: '1961-04-09', to: '1961-04-09', circa: false },
          { from: '1962', to: '1962', circa: true },
        ],
        identifiers: [{ type: 'passport', value: '71 8765432', country: 'RU' }],
        effective: { from: '2022-03-16', to: null },
        remarks: 'Made up.',
      },
      {
        id: '102',
        kind: 'vessel',
        name: 'Musterstern',
        aliases: [],
        programs: ['Made'],
        births: [],
        countries: [],
        identifiers: [{ type: 'imo', value: '9074729' }],
        effective: { from: null, to: null },
        remarks: 'IMO Number: 9074729',
      },
    ]);
  });

  it('keeps a target whose end is yet to come, and refuses a part of the list', () => {
    const later = CH.replace('2025-06-20', '2027-01-01').replace('2025-06-03', '2024-06-03');
    expect(readSwitzerland([later]).entries.map(({ id }) => id)).toContain('101');
    expect(() => readSwitzerland([CH.replace('whole-list', 'delta')])).toThrow('is not the whole list');
  });

  it('does not multiply spellings without end', () => {
    const many = Array.from(
      { length: 30 },
      (_, at) => `<spelling-variant lang="ENG" script="LATN">v${at}</spelling-variant>`,
    );
    const parts = [1, 2, 3, 4].map((order) => swissPart(order, 'given-name', `n${order}`, many.join('')));
    const [entry] = readSwitzerland([
      `<swiss-sanctions-list list-type="whole-list" date="2026-11-20"><target ssid="1"><individual><identity main="true">${swissName('primary-name', 'good', ...parts)}</identity></individual></target></swiss-sanctions-list>`,
    ]).entries;
    expect(entry?.aliases.length).toBeLessThan(60);
  });
});

describe('lists in XML', () => {
  it.each([
    ['EU', readEuropeanUnion, EU],
    ['UK', readUnitedKingdom, UK],
    ['CH', readSwitzerland, CH],
  ])('of the %s is read the same however it is cut, and never half', (_, read, text) => {
    const whole = read([text]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (size) => {
        expect(read(inPieces(text, size))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 2 }), (end) => {
        expect(() => read([text.slice(0, end)])).toThrow(/^xml: /);
      }),
      { numRuns: 50 },
    );
    for (const bad of ['<!DOCTYPE a>', '<!ENTITY b "c">'])
      expect(() => read([text.replace('?>', `?>\n${bad}`)])).toThrow('line 2: a document type or entity declaration');
    expect(() => read([text.replace('Made', '&b;')])).toThrow(/^xml: line \d+: the entity &b; is not accepted/);
    expect(() => read(['<html></html>'])).toThrow('is not the');
  });
});
