import type { SwiftMessage } from './read-message.ts';

const LINE_END = '\r\n';

/** The message in FIN form, CR LF at each line end. `readMessages` reads the same fields back, and the same blocks. */
export const printMessage = ({ head, fields, tail }: Pick<SwiftMessage, 'head' | 'fields' | 'tail'>): string =>
  [`${head}{4:`, ...fields.flatMap(({ tag, text }) => `:${tag}:${text}`.split('\n')), `-}${tail}`].join(LINE_END);
