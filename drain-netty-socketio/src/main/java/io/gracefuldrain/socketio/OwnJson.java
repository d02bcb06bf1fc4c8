package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.protocol.AckArgs;
import com.corundumstudio.socketio.protocol.JsonSupport;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The application's JSON, but for the protocol's own messages: these are written as they are, and
 * the acknowledgement of a hint is not read. Thread-safe if the application's is.
 */
final class OwnJson implements JsonSupport {
  private final JsonSupport application;
  // Whether this thread has written a message of ours last: such a message has no binary parts.
  private final FastThreadLocal<Boolean> wroteOwn = new FastThreadLocal<>();

  OwnJson(JsonSupport application) {
    this.application = application;
  }

  @Override
  public void writeValue(ByteBufOutputStream out, Object value) throws IOException {
    byte[] own = own(value);
    wroteOwn.set(own != null);
    if (own == null) {
      application.writeValue(out, value);
    } else {
      out.write(own);
    }
  }

  /** What stands on the wire, or null if it is a message of the application. */
  private static byte @Nullable [] own(Object value) {
    if (!(value instanceof List<?> arguments)
        || arguments.isEmpty()
        || !(arguments.get(arguments.size() - 1) instanceof Message message)) {
      return null;
    }
    return arguments.size() == 1
        ? message.acknowledgement()
        : message.event(String.valueOf(arguments.get(0)));
  }

  @Override
  public List<byte[]> getArrays() {
    return Boolean.TRUE.equals(wroteOwn.get()) ? List.of() : application.getArrays();
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
