package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.protocol.AckArgs;
import com.corundumstudio.socketio.protocol.ConnPacket;
import com.corundumstudio.socketio.protocol.JsonSupport;
import io.gracefuldrain.socketio.WirePackets.Written;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The application's JSON, but for the protocol's own messages: these are written as they are, and
 * the acknowledgement of a hint is not read. Thread-safe if the application's is.
 */
final class OwnJson implements JsonSupport {
  /** How many characters a text may have that a stock client repeats in its CONNECT. */
  private static final int LONGEST_TEXT = 8192;

  private final JsonSupport application;
  private final Function<UUID, @Nullable String> tokens;
  // The binary parts of what this thread has written last, if that was ours.
  private final FastThreadLocal<@Nullable List<byte[]>> ownArrays = new FastThreadLocal<>();
  // Whether the last argument of anything that this thread has written was a long text.
  private final FastThreadLocal<Boolean> longText = new FastThreadLocal<>();

  /**
   * The application's.
   *
   * @param tokens gives the token of a session by its id, or null if it has none
   */
  OwnJson(JsonSupport application, Function<UUID, @Nullable String> tokens) {
    this.application = application;
    this.tokens = tokens;
  }

  @Override
  public void writeValue(ByteBufOutputStream out, Object value) throws IOException {
    Written own = own(value);
    ownArrays.set(own == null ? null : own.attachments());
    if (endsLong(value)) {
      longText.set(true);
    }
    if (own == null) {
      application.writeValue(out, value);
    } else {
      out.write(own.json());
    }
  }

  /** What stands on the wire, or null if it is a message of the application. */
  private @Nullable Written own(Object value) {
    if (value instanceof List<?> arguments && !arguments.isEmpty()) {
      Object last = arguments.get(arguments.size() - 1);
      if (last instanceof Written written) {
        return written;
      } else if (last instanceof Message message) {
        return written(
            arguments.size() == 1
                ? message.acknowledgement()
                : message.event(String.valueOf(arguments.get(0))));
      }
    } else if (value instanceof ConnPacket answer) {
      String token = tokens.apply(answer.getSid());
      return token == null ? null : written(Message.connected(answer.getSid(), token).object());
    } else if (value instanceof Message message) {
      return written(message.object());
    }
    return null;
  }

  private static boolean endsLong(Object value) {
    if (!(value instanceof List<?> arguments) || arguments.isEmpty()) {
      return false;
    }
    Object last = arguments.get(arguments.size() - 1);
    return last instanceof String text
        ? text.length() > LONGEST_TEXT
        : last instanceof Written written && written.json().length > LONGEST_TEXT;
  }

  /** Whether this thread has written a long text as a last argument since it was asked before. */
  boolean wroteLongText() {
    boolean wrote = longText.get() != null;
    if (wrote) {
      longText.remove();
    }
    return wrote;
  }

  private static Written written(byte[] json) {
    return new Written(json, List.of());
  }

  @Override
  public List<byte[]> getArrays() {
    List<byte[]> own = ownArrays.get();
    return own == null ? application.getArrays() : own;
  }

  @Override
  public AckArgs readAckArgs(ByteBufInputStream in, AckCallback<?> callback) throws IOException {
    if (callback instanceof HintEvents.Acknowledgement) {
      in.skipNBytes(in.available()); // whatever it says, it is heard
      return new AckArgs(List.of());
    }
    return application.readAckArgs(in, callback);
  }

  @Override
  public <T> T readValue(String namespace, ByteBufInputStream in, Class<T> type)
      throws IOException {
    return application.readValue(namespace, in, type);
  }

  @Override
  public void addEventMapping(String namespace, String event, Class<?>... types) {
    application.addEventMapping(namespace, event, types);
  }

  @Override
  public void removeEventMapping(String namespace, String event) {
    application.removeEventMapping(namespace, event);
  }
}
