/**
 * What a connector tells of the answers of its vendor, so that `npm run conformance` can prove of any recording which fields reach a
 * canonical record. Nothing here says that a field is kept: that is found out by changing it and reading again.
 */

/** An object in the vendor's words. */
export type Wire = Readonly<Record<string, unknown>>;

/** The connector's own schema and mapper for one kind of thing. */
export interface EntityReader {
  /**
   * Whole ones with neutral values. The first completes what a recording asked for in part; the others are the situations in which a
   * field counts that does not count in the first.
   */
  neutral: readonly Wire[];
  /** Its canonical record, by the wire schema and the mapper that the connector reads answers with. Throws where they refuse. */
  read(wire: Wire): unknown;
}

export interface EntityKind {
  /** As rows and the report call it. */
  entity: string;
  /** The vendor's type names. */
  types: readonly string[];
  /** The fields that hold one where no type is told, as `field` or, where that is not enough, `Kind.field`. */
  fields?: readonly string[];
  /** Whether a JSON object is one, by its own looks. */
  is?(value: Wire): boolean;
  /** Paths whose inside has no shape of its own, such as what was asked, said again: each is one field. */
  whole?: readonly string[];
  /** None: its fields have no place, and each needs a row. */
  readers: readonly EntityReader[];
}

/** Why nothing of an operation's answer is kept, or why a field is not. Neither takes wildcards, and one that matches nothing fails. */
export type CoverageRow = { operation: string; reason: string } | { entity: string; path: string; reason: string };

export interface Coverage {
  kinds: readonly EntityKind[];
  rows: readonly CoverageRow[];
  /** What was counted on one set of recordings. Floors and stale rows bind where a mark is met: in a path, or in a SOURCE.md. */
  corpus: { marks: readonly string[]; floors: Readonly<Record<string, number>> };
}

/** One reason for several operations. */
export const unread = (reason: string, operations: readonly string[]): CoverageRow[] =>
  operations.map((operation) => ({ operation, reason }));

/** One reason for several fields of a thing. */
export const unkept = (entity: string, reason: string, paths: readonly string[]): CoverageRow[] =>
  paths.map((path) => ({ entity, path, reason }));
