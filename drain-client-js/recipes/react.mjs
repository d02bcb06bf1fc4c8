import { useEffect, useState } from 'react';
import { io } from './io.mjs';

/** The lines that are said in a room. */
export function useRoom(url, room) {
  const [lines, setLines] = useState([]);
  useEffect(() => {
    const socket = io(url);
    socket.on('connect', () => socket.emit('enter', room));
    socket.on('said', (text) => setLines((known) => [...known, text]));
    return () => socket.disconnect();
  }, [url, room]);
  return lines;
}

/** Whether a socket is connected. It stays true in a move. */
export function useConnected(socket) {
  const [isConnected, setConnected] = useState(socket.connected);
  useEffect(() => {
    const onConnect = () => setConnected(true);
    const onDisconnect = () => setConnected(false);
    socket.on('connect', onConnect);
    socket.on('disconnect', onDisconnect);
    return () => {
      socket.off('connect', onConnect);
      socket.off('disconnect', onDisconnect);
    };
  }, [socket]);
  return isConnected;
}
