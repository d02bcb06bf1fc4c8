import { onUnmounted, ref, shallowRef } from 'vue';
import { io } from './io.mjs';

/** The lines that are said in a room, and the socket that brings them. */
export function useRoom(url, room) {
  const lines = ref([]);
  const socket = shallowRef(io(url)); // `ref` works as well
  socket.value.on('connect', () => socket.value.emit('enter', room));
  socket.value.on('said', (text) => lines.value.push(text));
  onUnmounted(() => socket.value.disconnect());
  return { lines, socket };
}

/** The same with the options API. */
export const Room = {
  props: ['url', 'room'],
  data() {
    return { socket: io(this.url), lines: [] };
  },
  created() {
    this.socket.on('connect', () => this.socket.emit('enter', this.room));
    this.socket.on('said', (text) => this.lines.push(text));
  },
  methods: {
    say(text) {
      this.socket.emit('say', this.room, text);
    },
  },
  unmounted() {
    this.socket.disconnect();
  },
  render: () => null,
};
