import { defineStore } from 'pinia';
import { io } from './io.mjs';

export const useChat = defineStore('chat', {
  state: () => ({ socket: null, room: '', lines: [] }),
  actions: {
    open(url, room) {
      this.room = room;
      this.socket = io(url);
      this.socket.on('connect', () => this.socket.emit('enter', room));
      this.socket.on('said', (text) => this.lines.push(text));
    },
    say(text) {
      this.socket.emit('say', this.room, text);
    },
    close() {
      this.socket.disconnect();
    },
  },
});
