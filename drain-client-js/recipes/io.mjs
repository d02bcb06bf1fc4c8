import { drainAware } from 'graceful-drain-client';
import { io as stock } from 'socket.io-client';

export const io = drainAware(stock);
