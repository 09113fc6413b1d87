import type { MessageField, SwiftMessage } from './read-message.ts';

const LINE_END = '\r\n';

/** Blocks and fields of a message, as far as they are printed. */
type Printable = Pick<SwiftMessage, 'head' | 'tail'> & { fields: readonly Pick<MessageField, 'tag' | 'text'>[] };

/** The message in FIN form, CR LF at each line end. `readMessages` reads the same fields back, and the same blocks. */
export const printMessage = ({ head, fields, tail }: Printable): string =>
  [`${head}{4:`, ...fields.flatMap(({ tag, text }) => `:${tag}:${text}`.split('\n')), `-}${tail}`].join(LINE_END);
