import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withImportTable } from './import-rows.ts';
import { ROOT } from './source.ts';

/** `npm run generate`: files that are written from the code, each with how. A test fails when one of them is stale. */
const GENERATED: Readonly<Record<string, (text: string) => string>> = { 'ARCHITECTURE.md': withImportTable };

for (const [name, write] of Object.entries(GENERATED)) {
  const file = path.join(ROOT, name);
  const before = readFileSync(file, 'utf8');
  const after = write(before);
  if (after !== before) writeFileSync(file, after);
  console.log(`${name}: ${after === before ? 'was up to date' : 'written'}`);
}
