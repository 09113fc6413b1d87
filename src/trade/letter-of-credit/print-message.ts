import type { MessageField, SwiftMessage } from './read-message.ts';

const LINE_END = '\r\n';

/** The printed blocks and fields of a message. */
type Printable = Pick<SwiftMessage, 'head' | 'tail'> & { fields: readonly Pick<MessageField, 'tag' | 'text'>[] };

/** The message in FIN form, with CR LF at each line end. `readMessages` reads the same fields and blocks back. */
export const printMessage = ({ head, fields, tail }: Printable): string =>
  [`${head}{4:`, ...fields.flatMap(({ tag, text }) => `:${tag}:${text}`.split('\n')), `-}${tail}`].join(LINE_END);
