/** A place for files, as Teams names one after a yes: keeps what is put, and says how. A path that is a status is answered so. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type UploadPlace = {
  readonly url: string;
  readonly put: { headers: IncomingHttpHeaders; body: Buffer }[];
  close(): void;
};

export async function startPlace(): Promise<UploadPlace> {
  const put: UploadPlace['put'] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [, status] = /^\/(\d{3})$/.exec(request.url ?? '') ?? [];
      if (status) {
        response.statusCode = Number(status);
        response.end();
        return;
      }
      put.push({ headers: request.headers, body: Buffer.concat(pieces) });
      response.writeHead(201);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, put, close: () => server.close() };
}

/** What Teams says of the place for one file. */
export function placeFor(uploadUrl: string, name: string) {
  return {
    uploadUrl,
    contentUrl: `https://tideway.sharepoint.com/${name}`,
    name,
    uniqueId: 'one',
    fileType: name.split('.').at(-1) ?? '',
  };
}
