package io.gracefuldrain;

/** What has become of a session that a pod has asked another one for. */
public enum HandOverResult {
  /** It was handed over. */
  TAKEN,
  /**
   * It was handed over, and the old pod's answer to that has not come: what it has sent in the last
   * moment before the session ended there is lost, if there was any. Counted besides {@link
   * #TAKEN}.
   */
  UNHEARD,
  /**
   * It was handed over, and the application at the old pod has disconnected the client meanwhile:
   * it was disconnected here, too. Counted besides {@link #TAKEN}.
   */
  THROWN_OUT,
  /** The other pod has it not, or not for this client. */
  REFUSED,
  /** The other pod has not answered in time. */
  LATE,
  /** The other pod cannot be reached, or could not a moment ago. */
  UNREACHABLE,
  /** The token names no address that may be asked. */
  FORBIDDEN,
  /** The answer is none that can be read. */
  GARBAGE,
  /** A client's token is none that this pod can read: it was made with another key, say. */
  UNREADABLE
}
