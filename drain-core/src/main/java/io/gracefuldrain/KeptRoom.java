package io.gracefuldrain;

import org.jspecify.annotations.Nullable;

/**
 * The room that one kept session takes, of its own and of its pod's: the bytes of its packets, and
 * for each packet what it takes besides. Guarded by the lock of its session.
 */
final class KeptRoom {
  private final int mostBytes;
  private final int mostOfPod;
  private final HandOverTally tally;
  private int packets;
  private long bytes;
  private int givenPackets;
  private long givenBytes;

  KeptRoom(DrainPolicy policy, HandOverTally tally) {
    this.mostBytes = policy.handoverSessionBytes();
    this.mostOfPod = policy.handoverPodBytes();
    this.tally = tally;
  }

  /** Takes room for a packet; returns why there is none, or null. */
  @Nullable String refusal(int packet) {
    long counted = (long) packet + KeptSession.PACKET_BYTES;
    if (bytes + counted > mostBytes) {
      return "too_big";
    } else if (tally.room.addAndGet(counted) > mostOfPod) {
      tally.room.addAndGet(-counted);
      return "pod_full";
    }
    packets++;
    bytes += counted;
    return null;
  }

  /** Another pod gets all that there is. */
  void given() {
    givenPackets = packets;
    givenBytes = bytes - (long) packets * KeptSession.PACKET_BYTES;
  }

  /** What was given last has been handed over. */
  void landed() {
    tally.packets.add(givenPackets);
    tally.bytes.add(givenBytes);
  }

  /** All that has come since is handed over, too, and takes so many bytes until it is forgotten. */
  void landedRest(int rest) {
    int before = givenPackets;
    long bytesBefore = givenBytes;
    given();
    tally.packets.add(givenPackets - before);
    tally.bytes.add(givenBytes - bytesBefore);
    tally.room.addAndGet(rest - bytes);
    bytes = rest;
    packets = 0;
  }

  void free() {
    tally.room.addAndGet(-bytes);
    bytes = 0;
  }
}
