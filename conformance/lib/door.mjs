import http from 'node:http';
import { query } from './address.mjs';

/** A pod's front door: it admits handshakes, or treats them as the scenario says. */
export class Door {
  inner = http.createServer(); // never listens: requests are handed to it
  #pod;
  #raw = new Set(); // the TCP connections that lead here
  #forgotten = new Set(); // sessions that were cut

  constructor(pod) {
    this.#pod = pod;
  }

  request(request, response) {
    this.#keep(request.socket);
    const refuse = (status, body) => {
      response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end(body);
    };
    this.#admit(request, refuse, () => this.inner.emit('request', request, response));
  }

  upgrade(request, socket, head) {
    this.#keep(socket);
    const refuse = (status) => {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    this.#admit(request, refuse, () => this.inner.emit('upgrade', request, socket, head));
  }

  #keep(socket) {
    if (!this.#raw.has(socket)) {
      this.#raw.add(socket);
      socket.once('close', () => this.#raw.delete(socket));
    }
  }

  #admit(request, refuse, pass) {
    const pod = this.#pod;
    const asked = query(request);
    if (asked.sid) {
      if (this.#forgotten.has(asked.sid)) refuse(400, '{"code":1,"message":"Session ID unknown"}');
      else pass();
      return;
    }
    const outcome = this.#outcome(asked);
    pod.note('handshake', { outcome, query: asked, transport: asked.transport });
    if (outcome === 'refused') refuse(503, '{"message":"draining"}');
    else if (outcome === 'destroyed') request.socket.destroy();
    else if (outcome === 'passed') pod.after(pod.faults.delayMs, pass);
    // silent: the client never gets an answer
  }

  #outcome(asked) {
    const { faults } = this.#pod;
    if (faults.silent) return 'silent';
    if (faults.refuse > 0) {
      faults.refuse--;
      return 'refused';
    }
    if (faults.refuseOwn && this.#pod.hasIssued(asked.ticket)) return 'refused';
    if (faults.destroy > 0) {
      faults.destroy--;
      return 'destroyed';
    }
    return 'passed';
  }

  /** Cuts every TCP connection that leads here, without a word, and forgets the sessions. */
  cut(sessions) {
    for (const sid of sessions) this.#forgotten.add(sid);
    for (const socket of this.#raw) socket.destroy();
  }
}
