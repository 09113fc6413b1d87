/** What a key may be allowed. Any scope of a resource lets it be read too; `*` is everything. */
export const SCOPES = [
  'orders:read',
  'orders:retry',
  'orders:write',
  'legs:read',
  'legs:make',
  'legs:ship',
  'receipts:write',
  'stock:read',
  'stock:write',
  'returns:read',
  'returns:write',
  'cases:read',
  'cases:write',
  'cases:override',
  'trade:read',
  'trade:write',
  'charges:read',
  'charges:write',
  'approvals:read',
  'approvals:decide',
  'connections:read',
  'connections:write',
  'locations:read',
  'locations:write',
  'variants:read',
  'variants:write',
  'offers:read',
  'offers:write',
  'exceptions:read',
  'exceptions:write',
  'events:read',
  'persons:erase',
  'rates:read',
  'rates:write',
  'keys:read',
  'keys:write',
  'reports:read',
  'workspace:write',
] as const;
export type Scope = (typeof SCOPES)[number];

export const allows = (held: readonly string[], wanted: Scope): boolean => {
  if (held.includes('*') || held.includes(wanted)) return true;
  const [resource, verb] = wanted.split(':');
  return verb === 'read' && held.some((scope) => scope.startsWith(`${resource}:`));
};

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
