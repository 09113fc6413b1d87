export * from '#domain/plain-date.ts';
