package io.gracefuldrain.lab.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstRequestTest {
  private final List<String> heads = new ArrayList<>();
  private final List<String> bytes = new ArrayList<>();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "Cookie: pod=a | a",
        "cookie: x=1; pod=b; y=2 | b",
        "COOKIE:pod= | ''",
        "Cookie: mypod=a; pods=b | -",
        "X-Cookie: pod=a | -",
        "Cookie: x=1\\r\\nCookie: pod=c | c",
        "Host: pod=a | -"
      })
  void cookie_lines_givesItsValue(String lines, String value) {
    assertThat(FirstRequest.cookie("GET / HTTP/1.1\r\n" + lines.translateEscapes(), "pod"))
        .isEqualTo(value);
  }

  @Test
  void read_headInPieces_isGivenOnceWithAllBytes() {
    EmbeddedChannel channel = reading();
    channel.writeInbound(text("POST /a HTTP/1.1\r\nHo"), text("st: x\r\n\r"));
    assertThat(heads).isEmpty();
    channel.writeInbound(text("\nbody"));
    assertThat(heads).containsExactly("POST /a HTTP/1.1\r\nHost: x");
    assertThat(bytes).containsExactly("POST /a HTTP/1.1\r\nHost: x\r\n\r\nbody");
    assertThat(channel.pipeline().get(FirstRequest.class)).isNull();
    channel.advanceTimeBy(FirstRequest.MOST_SECONDS, TimeUnit.SECONDS);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void read_tooLong_isClosed() {
    EmbeddedChannel channel = reading();
    channel.writeInbound(text("x".repeat(FirstRequest.MOST_BYTES)));
    assertThat(channel.isOpen()).isFalse();
    assertThat(heads).isEmpty();
  }

  @Test
  void read_tooSlow_isClosed() {
    EmbeddedChannel channel = reading();
    channel.writeInbound(text("GET / HTTP/1.1\r\n"));
    channel.advanceTimeBy(FirstRequest.MOST_SECONDS, TimeUnit.SECONDS);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(heads).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK\\r\\nA: b\\r\\n\\r\\nx | HTTP/1.1 200 OK\\r\\nNew: 1\\r\\nA: b\\r\\n\\r\\nx",
        "HTTP/1.1 503 \\r\\n\\r\\n | HTTP/1.1 503 \\r\\nNew: 1\\r\\n\\r\\n",
        "SSH-2.0\\r\\n | SSH-2.0\\r\\n"
      })
  void addHeader_firstAnswer_hasItAfterTheStatusLine(String answer, String expected) {
    EmbeddedChannel channel = new EmbeddedChannel();
    FirstResponse.addHeader(channel, "New: 1");
    String text = answer.translateEscapes();
    channel.writeInbound(text(text.substring(0, 4)));
    channel.writeInbound(text(text.substring(4)));
    channel.writeInbound(text("HTTP/1.1 2nd\r\n"));
    assertThat(inbound(channel)).isEqualTo(expected.translateEscapes() + "HTTP/1.1 2nd\r\n");
  }

  @Test
  void addHeader_endBeforeTheFirstLine_losesNothing() {
    EmbeddedChannel channel = new EmbeddedChannel();
    FirstResponse.addHeader(channel, "New: 1");
    channel.writeInbound(text("HTT"));
    channel.pipeline().fireUserEventTriggered("end");
    assertThat(inbound(channel)).isEqualTo("HTT");
  }

  private EmbeddedChannel reading() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.freezeTime();
    FirstRequest.read(
        channel,
        (head, all) -> {
          heads.add(head);
          bytes.add(all.toString(StandardCharsets.ISO_8859_1));
          all.release();
        });
    return channel;
  }

  private static String inbound(EmbeddedChannel channel) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
      all.append(next.toString(StandardCharsets.ISO_8859_1));
      next.release();
    }
    return all.toString();
  }

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }
}
