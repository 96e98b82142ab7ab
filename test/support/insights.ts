/** A stand-in for Application Insights' ingestion, over TLS as the exporter insists: keeps what it is sent, as it came and as items. */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { selfSigned } from '../../src/sandbox/certificate.ts';

/** One span, measurement or log line, in the words of Application Insights. */
export type Item = {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseType: string;
    readonly baseData: Readonly<Record<string, unknown>> & {
      readonly properties?: Readonly<Record<string, string>>;
    };
  };
};

export type Insights = {
  /** What a process needs to send here, and to believe that it is us. */
  readonly environment: Readonly<Record<string, string>>;
  readonly items: readonly Item[];
  /** Every byte that came, as text. */
  text(): string;
  close(): Promise<void>;
};

/** Its certificate is put into `folder`. */
export async function startInsights(folder: string): Promise<Insights> {
  const pem = selfSigned('localhost');
  const trusted = join(folder, 'insights.pem');
  await writeFile(trusted, pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----')));
  const items: Item[] = [];
  const bodies: string[] = [];
  const server = createServer({ key: pem, cert: pem }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const bytes = Buffer.concat(pieces);
      const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      bodies.push(`${request.url} ${body}`);
      const sent = JSON.parse(body) as Item[];
      items.push(...sent);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ itemsReceived: sent.length, itemsAccepted: sent.length, errors: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=11111111-2222-4333-8444-555555555555;IngestionEndpoint=https://localhost:${port}/`,
      NODE_EXTRA_CA_CERTS: trusted,
    },
    items,
    text: () => bodies.join('\n'),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
