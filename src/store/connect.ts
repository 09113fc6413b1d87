import type { Db } from 'mongodb';
import mongoose from 'mongoose';

/** A connection of our own to a database, with writes that wait for the majority's disks. */
export const connectTo = async (uri: string): Promise<{ connection: mongoose.Connection; db: Db }> => {
  const connection = mongoose.createConnection(uri, {
    serverSelectionTimeoutMS: 10_000,
    autoIndex: false,
    maxPoolSize: 32,
    w: 'majority',
    ignoreUndefined: true,
  });
  await connection.asPromise();
  const { db } = connection;
  if (!db) throw new Error('the database connection has no database');
  return { connection, db };
};
