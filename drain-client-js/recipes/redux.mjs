import { createSlice } from '@reduxjs/toolkit';
import { io } from './io.mjs';

export const chat = createSlice({
  name: 'chat',
  initialState: { lines: [], pod: '' },
  reducers: {
    say() {},
    leave() {},
    said(state, { payload }) {
      state.lines.push(payload);
    },
    switched(state, { payload }) {
      state.pod = payload;
    },
  },
});

/** The socket is in the middleware. The state has what it brings. */
export const chatMiddleware = (url, room) => (store) => {
  const { say, said, leave, switched } = chat.actions;
  const socket = io(url);
  socket.on('connect', () => socket.emit('enter', room));
  socket.on('said', (text) => store.dispatch(said(text)));
  socket.on('drain:switched', ({ to }) => store.dispatch(switched(to.pod)));
  return (next) => (action) => {
    if (say.match(action)) socket.emit('say', room, action.payload);
    if (leave.match(action)) socket.disconnect();
    return next(action);
  };
};
