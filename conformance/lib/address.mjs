import http from 'node:http';

/**
 * An address of clients. It leads to the pod that `route` names for a request: the
 * pods are in this process, so a request is handed over and not forwarded.
 */
export class Address {
  #server = http.createServer();
  #sockets = new Set();

  static async open(route) {
    const address = new Address();
    const server = address.#server;
    server.on('connection', (socket) => {
      address.#sockets.add(socket);
      socket.on('error', () => {}); // cut by the other side, as the scenario wants
      socket.on('close', () => address.#sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      route(query(request)).request(request, response);
    });
    server.on('upgrade', (request, socket, head) => {
      route(query(request)).upgrade(request, socket, head);
    });
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    address.url = `http://127.0.0.1:${server.address().port}`;
    return address;
  }

  close() {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The parameters in the query of a request. */
export function query(request) {
  return Object.fromEntries(new URL(request.url, 'http://pod').searchParams);
}
