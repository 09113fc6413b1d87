/** A folder on another machine, for suppliers who exchange files. What `write` resolved for is whole under its name. */
export interface Files {
  list(folder: string): Promise<readonly { name: string; bytes: number; modifiedMs: number }[]>;
  /** Throws `not_found`; refuses more than `maxBytes` with `rejected`. */
  read(path: string, maxBytes: number): Promise<Buffer>;
  /** Written under a temporary name and then renamed, so that nobody reads half a file. Replaces a file of that name. */
  write(path: string, body: Buffer): Promise<void>;
}

/** Where the files are, from the connection's credentials. */
export interface FilesTarget {
  protocol: 'sftp';
  host: string;
  port: number;
  user: string;
  password: string;
  /** SHA-256 of the server's host key, base64 as OpenSSH prints it; another key is refused as `unauthorised`. */
  hostKeySha256: string;
}
