import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeAuthority } from './certificate.ts';

describe('a certificate authority of a sandbox', () => {
  it('issues for the names and addresses asked for, and for no others; another authority’s key did not sign it', () => {
    const authority = new X509Certificate(makeAuthority('A').cert);
    const signer = makeAuthority('B');
    const issuer = new X509Certificate(signer.cert);
    const made = signer.issue({ names: ['localhost'], addresses: ['127.0.0.1'] });
    const certificate = new X509Certificate(made.cert);
    expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect([certificate.ca, certificate.checkIssued(issuer), certificate.verify(issuer.publicKey)]).toEqual([
      false,
      true,
      true,
    ]);
    expect([certificate.checkIssued(authority), certificate.verify(authority.publicKey)]).toEqual([false, false]);
  });

  it('writes what Node reads, however long its parts are', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,60}$/), { minLength: 1, maxLength: 12 }), (names) => {
        const authority = makeAuthority('Sandbox');
        const made = new X509Certificate(authority.issue({ names, addresses: [] }).cert);
        expect(made.subjectAltName).toBe(names.map((name) => `DNS:${name}`).join(', '));
        expect(made.verify(new X509Certificate(authority.cert).publicKey)).toBe(true);
      }),
    );
  });
});
