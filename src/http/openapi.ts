import { z } from 'zod';
import { BatchResult } from './batch.ts';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { VIEWS } from './views.ts';

type Json = Record<string, unknown>;

const uri = (id: string): string => `#/components/schemas/${id}`;
const withoutIds = ({ $id: _id, $schema: _schema, ...schema }: Json): Json => schema;

/** `GET /legs/{id}` as `getLegsById`: stable, and unique for each row of the table. */
const operationId = ({ method, path }: Route): string =>
  method +
  path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? `By ${part.slice(1, -1)}` : part))
    .join(' ')
    .replace(/(^|[ _-])(\w)/g, (_all, _before, letter: string) => letter.toUpperCase());

const shapeOf = (schema: z.core.$ZodType | undefined): Record<string, z.core.$ZodType> =>
  schema instanceof z.ZodObject ? schema.shape : {};
const plain = (schema: z.core.$ZodType): Json =>
  withoutIds(z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }));

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The input does not fit',
  401: 'No, an unknown or a revoked API key',
  403: 'The key lacks the scope, or is limited to a location',
  404: 'There is no such thing in this workspace',
  409: 'In conflict with the present state',
  413: 'The body is too large',
  422: 'Refused, or an idempotency key used for another request',
  429: 'A connection is paused or asked to wait',
  500: 'An error of our own',
  503: 'A server of ours is out of reach',
};
const refusalsOf = ({ input, method }: Route): number[] => {
  const { params, body } = input.shape;
  const hasInput = Object.keys(input.shape).length > 0;
  return [401, 403, 500, 503]
    .concat(hasInput ? [400] : [])
    .concat(params ? [404] : [])
    .concat(body ? [413] : [])
    .concat(method === 'get' ? [] : [409, 422, 429])
    .sort((a, b) => a - b);
};

const parametersOf = ({ input, method, secretAnswer }: Route): Json[] => {
  const of = (where: 'path' | 'query', schema: z.core.$ZodType | undefined) =>
    Object.entries(shapeOf(schema)).map(([name, field]) => ({
      name,
      in: where,
      // What has a default may be left out.
      required: where === 'path',
      schema: plain(field),
    }));
  const key = { $ref: '#/components/parameters/IdempotencyKey' };
  return [
    ...of('path', input.shape['params']),
    ...of('query', input.shape['query']),
    ...(method === 'post' && !secretAnswer ? [key] : []),
  ];
};

/** The OpenAPI 3.1 document of the route table. */
export const openApiDocument = (publicUrl: string | null): Json => {
  const answers = z.registry<{ id: string }>();
  const bodies = z.registry<{ id: string }>();
  for (const [id, view] of Object.entries(VIEWS)) answers.add(view, { id });
  answers.add(BatchResult, { id: 'BatchResult' });
  answers.add(Problem, { id: 'Problem' });
  for (const route of ROUTES) {
    if (!answers.has(route.response)) answers.add(route.response, { id: `${operationId(route)}Answer` });
    const body = route.input.shape['body'];
    if (body && !bodies.has(body)) bodies.add(body, { id: `${operationId(route)}Body` });
  }
  const options = { target: 'draft-2020-12', unrepresentable: 'any', uri } as const;
  const schemas = {
    ...z.toJSONSchema(answers, { ...options, io: 'output' }).schemas,
    ...z.toJSONSchema(bodies, { ...options, io: 'input' }).schemas,
  };

  const paths: Record<string, Json> = {};
  for (const route of ROUTES) {
    const status = String(route.status ?? 200);
    const body = route.input.shape['body'];
    const refOf = (registry: typeof answers, schema: z.core.$ZodType) => ({
      $ref: uri(registry.get(schema)?.id ?? ''),
    });
    paths[`/v1${route.path}`] = {
      ...paths[`/v1${route.path}`],
      [route.method]: {
        operationId: operationId(route),
        summary: route.summary,
        description: `Scope: \`${route.scope}\`.${route.located ? ' A key of one location sees its own only.' : ''}`,
        tags: [route.path.split('/')[1]],
        security: [{ apiKey: [] }],
        parameters: parametersOf(route),
        ...(body
          ? {
              requestBody: {
                required: !z.safeParse(body, undefined).success,
                content: { 'application/json': { schema: refOf(bodies, body) } },
              },
            }
          : {}),
        responses: {
          [status]: {
            description: 'Done',
            headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
            content: route.answers
              ? { [route.answers]: { schema: { type: 'string', format: 'binary' } } }
              : { 'application/json': { schema: refOf(answers, route.response) } },
          },
          ...Object.fromEntries(
            refusalsOf(route).map((code) => [String(code), { $ref: `#/components/responses/${code}` }]),
          ),
        },
      },
    };
  }

  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Crossdock',
      version: '1',
      summary: 'Orders, stock and exports of cross-border sellers',
      description: 'Money is whole minor units. Lists are paged by `after` and `limit`. Errors are RFC 9457 problems.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl ?? '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutIds({ ...schema })])),
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'xd_…' } },
      headers: { RequestId: { description: 'Finds the request in our log.', schema: { type: 'string' } } },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'The same request with the same key is answered with the first answer.',
          schema: { type: 'string', minLength: 1, maxLength: 200 },
        },
      },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([code, description]) => [
          code,
          {
            description,
            headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
            content: { 'application/problem+json': { schema: { $ref: uri('Problem') } } },
          },
        ]),
      ),
    },
  };
};
