import { io } from './io.mjs';

/** A socket of ngx-socket-io: its own one never connects, and an aware one takes its place. */
export function awareOf(WrappedSocket) {
  return class extends WrappedSocket {
    constructor(config, ...rest) {
      super({ ...config, options: { ...config.options, autoConnect: false } }, ...rest);
      this.ioSocket = io(config.url, config.options);
    }
  };
}
