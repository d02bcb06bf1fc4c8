package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.EncoderHandler;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path and the parameters of a request, decoded as netty-socketio decodes them. Immutable.
 *
 * @param path the decoded path
 */
record RequestQuery(String path, Map<String, List<String>> parameters) {
  // netty-socketio parses both with Integer.valueOf, and answers nothing if that fails.
  private static final Pattern CALLBACK = Pattern.compile("\\d{1,9}");
  private static final Pattern BASE64 = Pattern.compile("true|false|\\d{1,9}");

  /** The query of a request, or null if its URI cannot be decoded. */
  static @Nullable RequestQuery of(String uri) {
    QueryStringDecoder decoder = new QueryStringDecoder(uri);
    try {
      return new RequestQuery(decoder.path(), decoder.parameters());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  boolean has(String name) {
    return parameters.containsKey(name);
  }

  /** The first value of a parameter, or null if there is none. */
  @Nullable String first(String name) {
    List<String> values = parameters.get(name);
    return values == null ? null : values.get(0);
  }

  boolean polling() {
    return "polling".equals(first("transport"));
  }

  /** Whether netty-socketio can read its parameters. */
  boolean wellFormed() {
    return matches(first("j"), CALLBACK) && matches(first("b64"), BASE64);
  }

  private static boolean matches(@Nullable String value, Pattern form) {
    return value == null || form.matcher(value).matches();
  }

  /**
   * Tells the encoder which form the answer to a poll must have, as netty-socketio's
   * PollingTransport does. This is for a poll that netty-socketio no longer sees, since its session
   * is being let go.
   */
  void describePoll(Channel channel, FullHttpRequest request) {
    channel.attr(EncoderHandler.ORIGIN).set(request.headers().get(HttpHeaderNames.ORIGIN));
    channel.attr(EncoderHandler.USER_AGENT).set(request.headers().get(HttpHeaderNames.USER_AGENT));
    String callback = first("j");
    if (callback != null) {
      channel.attr(EncoderHandler.JSONP_INDEX).set(Integer.valueOf(callback));
    }
    String base64 = first("b64");
    if (base64 != null) {
      channel.attr(EncoderHandler.B64).set(base64.equals("1") || base64.equals("true"));
    }
  }
}
