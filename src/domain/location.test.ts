import { describe, expect, it } from 'vitest';
import { systemActor } from './actor.ts';
import { LocationChanges, LocationCode, newLocation, shippingAddress, withChanges, wrongIn } from './location.ts';

const by = systemActor('test');
const blank = newLocation({ workspaceId: 'w', code: 'main', kind: 'own', by, atMs: 1 });
const withTyped = (changes: unknown) => withChanges(blank, LocationChanges.parse(changes), by, 2);
const ADDRESS = { line1: '1 Quay', city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' };

describe('a location', () => {
  it.each([
    [{ address: { ...ADDRESS, line1: ' ' } }, 'address.line1', 'street'],
    [{ address: { ...ADDRESS, country: 'QQ' } }, 'address.country', 'QQ'],
    [{ address: { ...ADDRESS, country: 'gb' } }, 'address.country', 'gb'],
    [{ address: { ...ADDRESS, country: 'ZZ' } }, 'address.country', 'ZZ'],
    [{ address: { ...ADDRESS, country: '' } }, 'address.country', 'country'],
    [{ address: { line1: '1 Quay', country: 'GB' } }, 'address.city', 'city'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone', 'Mars/Olympus'],
    [{ carriers: ['a', 'a'] }, 'carriers', 'twice'],
  ])('is refused with the field: %j', (changes, field, word) => {
    const wrong = wrongIn(withTyped(changes));
    expect(wrong?.field).toBe(field);
    expect(wrong?.why).toContain(word);
  });

  it('may be without an address, and then neither ships nor receives', () => {
    expect(wrongIn(blank)).toBeNull();
    expect(shippingAddress(blank)).toBeNull();
    expect(shippingAddress(null)).toBeNull();
  });

  it('ships under its own name and its contact’s', () => {
    const contact = { name: 'Goods in', phone: '+44', email: 'dock@hull.example' };
    const location = withTyped({ name: 'Hull', address: ADDRESS, contact });
    expect(shippingAddress(location)).toMatchObject({ ...ADDRESS, company: 'Hull', ...contact });
    const named = withTyped({ address: { ...ADDRESS, company: 'Dock Ltd', name: 'Gate 4' }, contact });
    expect(shippingAddress(named)).toMatchObject({ company: 'Dock Ltd', name: 'Gate 4' });
  });

  it('keeps what is left out, and a null takes away', () => {
    const location = withTyped({ address: ADDRESS, carriers: ['a'], timeZone: 'Europe/London' });
    const changed = withChanges(location, LocationChanges.parse({ name: 'New' }), by, 3);
    expect(changed).toMatchObject({ name: 'New', carriers: ['a'], timeZone: 'Europe/London', address: ADDRESS });
    expect(withChanges(location, LocationChanges.parse({ address: null }), by, 3).address).toBeNull();
  });

  it.each(['supplier:x', 'a|b', '', ' x', 'x'.repeat(65)])('has no code such as “%s”', (code) => {
    expect(LocationCode.safeParse(code).success).toBe(false);
  });
});
