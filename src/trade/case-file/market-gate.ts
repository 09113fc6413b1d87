import { creditExposure } from '../credit/exposure.ts';
import { blockedByOwnership } from '../screening/ownership.ts';
import { isOutdated } from '../screening/screen.ts';
import type { CaseFile, StoredScreening } from './case-file.ts';
import { block, type Gate, type GateFinding, warn } from './finding.ts';

/** The text to which a screening is bound. */
export const screenedText = (party: unknown): string => JSON.stringify(party);

const MAX_HITS = 5;
/** The closest listed names with their entries and scores. A new or closer hit makes another reason. */
const hitsInWords = (hits: StoredScreening['hits']): string => {
  const named = hits.slice(0, MAX_HITS).map((hit) => `${hit.name} (${hit.listId} ${hit.entryId}, ${hit.score})`);
  const more = hits.length > MAX_HITS ? ` and ${hits.length - MAX_HITS} more` : '';
  return named.length === 0 ? 'a listed name' : named.join(', ') + more;
};

const plain = (name: string): string => name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();

/** The receivers of the goods on the papers who are not parties of the case: nobody would have screened them. */
const unnamedOnPapers = ({ facts: { market: given, logistics } }: CaseFile): string[] => {
  if (!given || !logistics) return [];
  const { importer, consignee, notify, importerOfRecord } = logistics.shipment;
  const known = new Set(given.parties.flatMap(({ party }) => [party.name, ...party.aliases].map(plain)));
  const names = [importer, consignee, notify, importerOfRecord].flatMap((party) => (party ? [party.name] : []));
  return [...new Set(names)].filter((name) => name !== '' && !known.has(plain(name)));
};

/** Blocks unless every participant was screened, and nobody is listed or owned by a listed party. */
export const market: Gate<'market'> = ({ parties, ownership, credit }, file, { lists, hash, asOf }) => {
  const reasons: GateFinding[] = [];
  if (parties.length === 0)
    reasons.push(
      block('PARTY_NOT_NAMED', '', 'no party is named', 'Name the buyer and everybody else who takes part.'),
    );
  for (const name of unnamedOnPapers(file)) {
    const what = `${name} is on the papers and not among the parties`;
    reasons.push(block('PARTY_NOT_NAMED', name, what, 'Name it as a party and screen it.'));
  }
  const blockedIds: string[] = [];
  for (const { id, party } of parties) {
    const screening = Object.hasOwn(file.screenings, id) ? file.screenings[id] : undefined;
    if (!screening || screening.of !== hash(screenedText(party))) {
      const now = screening ? ' as it stands now' : '';
      reasons.push(block('PARTY_UNSCREENED', id, `${party.name} is not screened${now}`, 'Screen it.'));
      continue;
    }
    const { verdict, hits } = screening;
    if (verdict === 'blocked') {
      blockedIds.push(id);
      const found = `${party.name} is on a list: ${hitsInWords(hits)}`;
      reasons.push(block('PARTY_BLOCKED', id, found, 'Do not trade. Ask counsel.'));
    }
    if (isOutdated(screening, lists)) {
      const found = `${party.name} was screened against other states of the lists`;
      reasons.push(block('SCREENING_OUTDATED', id, found, 'Screen it again.'));
    } else if (verdict === 'review') {
      const todo = 'Compare date of birth, country and numbers; then override with what you found.';
      reasons.push(block('PARTY_TO_REVIEW', id, `${party.name} resembles ${hitsInWords(hits)}`, todo));
    }
  }
  // An owner who is not among the parties would count as clear without a screening.
  const owners = new Set(Object.values(ownership).flatMap((shares) => Object.keys(shares)));
  for (const owner of owners)
    if (!parties.some(({ id }) => id === owner))
      reasons.push(
        block(
          'PARTY_UNSCREENED',
          owner,
          `the owner ${owner} is not among the parties`,
          'Name it as a party with the role “owner” and screen it.',
        ),
      );
  const owned = blockedByOwnership({ blocked: blockedIds, ownershipPct: ownership }, asOf);
  for (const { entity, blocked, blockedShare, owners } of owned.findings) {
    const found = parties.find(({ id }) => id === entity);
    if (!found || !blocked || blockedIds.includes(entity)) continue;
    const by = owners.map(({ owner }) => owner).join(', ');
    const what = `${found.party.name} is owned to ${blockedShare} % by blocked parties: ${by}`;
    reasons.push(block('PARTY_OWNED', entity, what, 'Do not trade. Ask counsel.'));
  }
  if (credit) {
    const exposure = creditExposure(credit);
    if (exposure.decision !== 'ship')
      reasons.push(
        warn(
          'CREDIT_LIMIT',
          '',
          `the order goes ${exposure.prepayment} ${credit.currency} over the credit limit`,
          'Ask for prepayment or raise the limit.',
        ),
      );
  }
  return { reasons, notices: owned.notices };
};
