/** The address of a client, and its options. */
export interface Target {
  /** The same for sockets that may share a connection. */
  readonly key: string;
  /** The app's own address, without path and query. */
  readonly origin: string;
  /** The app's own object, which it may change. */
  readonly options: { path?: string; autoConnect?: boolean };
}
