import { io } from './io.mjs';

export const socket = io('https://chat.example.org', { autoConnect: false });

// On the server there is nothing to connect. A page connects where it begins, such as in an effect.
if (typeof window !== 'undefined') socket.connect();
