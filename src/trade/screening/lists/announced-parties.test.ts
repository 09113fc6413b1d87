import { describe, expect, it } from 'vitest';
import { readAnnouncedParties } from './announced-parties.ts';
import { linesOf } from './list-rows.ts';

const CN = `list,name,chinese_name,aliases,weak_aliases,kind,country,registration,announcement,from,to,remarks
unreliable_entity,"Muster Defence, Inc.",示例防务公司,Muster Def|MDI Corp,MD,organisation,US,1234567,2025 No. 4,2025-01-14,2026-11-09,"Import and
export banned"
export_control,"Muster Defence, Inc.",,,,,US,,2025 No. 5,2025-03-04,,
export_control,"Muster Defence, Inc.",,,,,US,,2025 No. 5,2025-03-04,,
wanted,X,,,,,,,1,2025-01-01,,
export_control,Y,,,,,,,1,2025-02-30,,
export_control,Y,,,,planet,,,1,2025-02-20,,
export_control,Y,,,,,,,1,2025-02-20,2025-02-19,
export_control,Y,,,,,,,,2025-02-20,,
export_control,Y
export_control,"Y,,,,,,,1,2025-02-20,,
`;

describe('parties that China announced', () => {
  it('are read from a CSV of our own, each bad row named with its column', () => {
    const { entries, files, badRows } = readAnnouncedParties(linesOf(CN));
    expect(files).toEqual([{ file: 'cn', rows: 10, processed: 2, failed: 8 }]);
    expect(badRows.map(({ row, reason }) => `${row} ${reason}`)).toEqual([
      '3 name: export_control 2025 No. 5 2025-03-04 Muster Defence, Inc. occurs twice',
      '4 list: “wanted” is none of unreliable_entity, export_control, export_control_watch',
      '5 from: “2025-02-30” is not a day of the calendar, such as 2026-03-15',
      '6 kind: “planet” is none of person, organisation, vessel, aircraft',
      '7 to: 2025-02-19 is before 2025-02-20',
      '8 announcement: is empty; give the number of the announcement',
      '9 cn: has 2 columns, not 12',
      '10 cn: a quote is not closed',
    ]);
    expect(entries[0]).toEqual({
      id: 'unreliable_entity 2025 No. 4 2025-01-14 Muster Defence, Inc.',
      kind: 'organisation',
      name: 'Muster Defence, Inc.',
      programs: ['CN unreliable entity list'],
      births: [],
      countries: ['US'],
      aliases: [
        { name: '示例防务公司', weak: false, label: 'Chinese name' },
        { name: 'Muster Def', weak: false, label: 'aka' },
        { name: 'MDI Corp', weak: false, label: 'aka' },
        { name: 'MD', weak: true, label: 'aka' },
      ],
      identifiers: [{ type: 'registration', value: '1234567', country: 'US' }],
      effective: { from: '2025-01-14', to: '2026-11-09' },
      remarks: '2025 No. 4; Import and\nexport banned',
    });
  });

  it('are refused without their columns, or with one that is not known', () => {
    expect(() => readAnnouncedParties([])).toThrow('line 1: no column list, name, announcement, from');
    expect(() => readAnnouncedParties(['list,name,announcement,from,alias'])).toThrow('the columns alias are unknown');
    expect(() => readAnnouncedParties(['list,name,name,announcement,from'])).toThrow('occur twice');
  });
});
