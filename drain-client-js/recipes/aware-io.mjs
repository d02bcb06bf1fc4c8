// Stands for socket.io-client where a library imports that itself.
import { drainAware } from 'graceful-drain-client';
import stock from 'socket.io-client/dist/socket.io.js';

export const io = drainAware(stock);
export const { Manager, Socket, protocol } = io;
export { io as connect, io as default };
