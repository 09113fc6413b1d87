/**
 * An error whose message is a sentence for the user: what is wrong and what to do.
 * @param {string} message
 * @param {unknown} [cause]
 */
export function setupError(message, cause) {
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  error.name = 'SetupError';
  return error;
}

/**
 * True for an error whose message can be shown as it is, without a stack.
 * @param {unknown} error
 * @returns {error is Error}
 */
export const isSetupError = (error) => error instanceof Error && error.name === 'SetupError';

/**
 * The system's code of an error (`ENOENT` …), or an empty string.
 * @param {unknown} error
 */
export function codeOf(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * The first line of an error's message.
 * @param {unknown} error
 */
export function reasonOf(error) {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}

/**
 * The same error, or a sentence for the user if the cause is a folder that cannot be written.
 * @param {unknown} error
 * @param {string} folder
 * @param {string} [otherwise] what else the user can do
 */
export function explainFolderError(error, folder, otherwise = ', or set DATA_DIR to another folder') {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return setupError(
        `Crossdock may not write in the folder ${folder}: give this user the right to write there${otherwise}.`,
        error,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return setupError(`The disk of ${folder} is full: free some space there${otherwise}.`, error);
    case 'ENOTDIR':
    case 'EEXIST':
      return setupError(`${folder} is not a folder: remove that file${otherwise}.`, error);
    default:
      return error;
  }
}

const FOLDER_CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST']);

/**
 * True for an error made by explainFolderError. No other source would succeed in that folder.
 * @param {unknown} error
 */
export const isFolderError = (error) => isSetupError(error) && FOLDER_CODES.has(codeOf(error.cause));
