package io.gracefuldrain;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a client says it has left, or is about to leave, for its new one. It stands
 * in the ticket of the client's handshake. For some seconds the client has both connections.
 *
 * <p>A ticket is not signed. Whoever knows the form can make one, so it proves nothing: neither who
 * the client is, nor that the named connection was his. Who a client is comes from your own
 * authentication, which the new connection passes like any other. Use the ticket to tell one client
 * with two connections from two clients, among connections of <em>the same user</em>. And let the
 * old pod decide about the old connection: it knows which clients it has asked to move ({@link
 * ConnectionHandle#moving}). Then a forged ticket gives its user nothing.
 *
 * @param pod the pod of the old connection
 * @param generation the generation of that pod
 * @param connection the {@linkplain DrainableConnection#id() id} of the old connection
 */
public record MovedFrom(String pod, String generation, String connection) {
  /**
   * Reads a ticket.
   *
   * @param ticket as it stands, decoded, in the handshake; null if there is none
   * @return the connection that it names, or nothing if there is no ticket that can be read
   */
  public static Optional<MovedFrom> of(@Nullable String ticket) {
    return Optional.ofNullable(ticket)
        .flatMap(Ticket::decode)
        .map(read -> new MovedFrom(read.pod(), read.generation(), read.connection()));
  }
}
