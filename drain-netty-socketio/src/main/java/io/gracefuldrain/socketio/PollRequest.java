package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.EncoderHandler;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Map;

/** A poll that netty-socketio no longer sees, since its session is being let go. */
final class PollRequest {
  private PollRequest() {}

  /**
   * Tells the encoder which form the answer must have, as netty-socketio's PollingTransport does.
   */
  static void describe(
      Channel channel, FullHttpRequest request, Map<String, List<String>> parameters) {
    channel.attr(EncoderHandler.ORIGIN).set(request.headers().get(HttpHeaderNames.ORIGIN));
    channel.attr(EncoderHandler.USER_AGENT).set(request.headers().get(HttpHeaderNames.USER_AGENT));
    List<String> callback = parameters.get("j");
    if (callback != null && callback.get(0).matches("\\d{1,9}")) {
      channel.attr(EncoderHandler.JSONP_INDEX).set(Integer.valueOf(callback.get(0)));
    }
    List<String> base64 = parameters.get("b64");
    if (base64 != null) {
      boolean on = base64.get(0).equals("1") || base64.get(0).equals("true");
      channel.attr(EncoderHandler.B64).set(on);
    }
  }
}
