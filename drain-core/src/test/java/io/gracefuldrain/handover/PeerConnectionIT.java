package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.testing.Opened;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of servers of all kinds, by real sockets. */
@Timeout(60)
class PeerConnectionIT {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final int LONGEST = 10;

  private final Opened opened = new Opened();

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static PeerConnection.Answer ask(int port) throws IOException {
    try (PeerConnection connection = new PeerConnection(at(port))) {
      return connection.post("/p", Map.of("Drain-Word", "yes"), CONNECT, SILENCE, LONGEST, LONGEST);
    }
  }

  private PeerConnection.Answer answer(String text) throws IOException {
    return ask(opened.add(ForeignPod.answering(text)).port());
  }

  @Test
  void request_isOneOfHttp_whoseConnectionEndsWithTheAnswer() throws Exception {
    CompletableFuture<String> asked = new CompletableFuture<>();
    ForeignPod pod =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  asked.complete(request);
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 204 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                  assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }));
    assertThat(ask(pod.port()).status()).isEqualTo(204);
    assertThat(asked.get(20, TimeUnit.SECONDS).split("\r\n"))
        .startsWith("POST /p HTTP/1.1")
        .contains("Host: 127.0.0.1:" + pod.port(), "Connection: close", "Content-Length: 0")
        .contains("Drain-Word: yes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDrain-Mac: m\r\n\r\nhello",
        "HTTP/1.1 200\r\ncontent-length:5\r\ndrain-mac:m\r\n\r\nhello and more",
        "HTTP/1.0 200 OK\nDrain-Mac: m\n\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nDrain-Mac: m\r\n\r\nhello",
        "HTTP/1.1 200\nDrain-Mac: m\nTransfer-Encoding: chunked\n\n4\r\nhell\r\n1;x\r\no\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nDrain-Mac: m\nTransfer-Encoding: chunked\n\n4;x\nhell\n1\no\r\n0\r\n\r\n"
      })
  void answer_inEachForm_isRead(String text) throws Exception {
    PeerConnection.Answer answer = answer(text);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("drain-mac", "m");
    assertThat(answer.body()).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello world",
        "HTTP/1.1 500 No\nTransfer-Encoding: chunked\n\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"
      })
  void answer_tooLong_isNotRead(String text) {
    assertThatThrownBy(() -> answer(text)).isInstanceOf(PeerConnection.TooLong.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-x\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
      })
  void answer_thatIsNone_orDoesNotEnd_isLost(String text) {
    assertThatThrownBy(() -> answer(text))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(PeerConnection.TooLong.class)
        .isNotInstanceOf(PeerConnection.Unreachable.class);
  }

  @Test
  void answer_whoseHeadNeverEnds_isGivenUp() {
    ForeignPod endless =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                  while (true) {
                    socket
                        .getOutputStream()
                        .write("Name: value\r\n".getBytes(StandardCharsets.US_ASCII));
                  }
                }));
    assertThatThrownBy(() -> ask(endless.port())).isInstanceOf(IOException.class);
  }

  @Test
  void nobodyThere_isUnreachable() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(() -> ask(port)).isInstanceOf(PeerConnection.Unreachable.class);
  }

  @Test
  void close_beforeTheAnswer_endsTheWait() throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    ForeignPod silent =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  asked.complete(null);
                  socket.getInputStream().read();
                }));
    PeerConnection connection = new PeerConnection(at(silent.port()));
    var unused = asked.thenRun(connection::close);
    assertThatThrownBy(() -> connection.post("/p", Map.of(), CONNECT, SILENCE, LONGEST, LONGEST))
        .isInstanceOf(IOException.class);
  }

  /** One thread times all requests, and closes those that are late. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "H",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na",
        "HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\na"
      })
  void close_withinTheAnswer_waitsForNobody_andEndsIt(String half) throws Exception {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    ForeignPod slow =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
                  begun.complete(null);
                  socket.getInputStream().read();
                }));
    PeerConnection connection = new PeerConnection(at(slow.port()));
    CompletableFuture<Void> closed = begun.thenRunAsync(connection::close);
    assertThatThrownBy(
            () -> connection.post("/p", Map.of(), CONNECT, Duration.ofMinutes(5), LONGEST, LONGEST))
        .isInstanceOf(IOException.class);
    closed.get(5, TimeUnit.SECONDS);
  }

  /** Each may be cut anywhere, and any of its bytes may be another one. */
  @Test
  void answer_ofAnyBytes_isReadOrRefused() throws Exception {
    SplittableRandom random = new SplittableRandom(16);
    String[] answers = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDrain-Mac: m\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n1\r\no\r\n0\r\n\r\n"
    };
    ForeignPod any =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  byte[] answer = answers[number % 2].getBytes(StandardCharsets.US_ASCII);
                  byte[] cut = Arrays.copyOf(answer, random.nextInt(answer.length + 1));
                  for (int i = random.nextInt(3); i > 0 && cut.length > 0; i--) {
                    cut[random.nextInt(cut.length)] = (byte) random.nextInt(256);
                  }
                  socket.getOutputStream().write(cut);
                }));
    int read = 0;
    for (int i = 0; i < 1_000; i++) {
      try {
        assertThat(ask(any.port()).body().length()).isLessThanOrEqualTo(LONGEST);
        read++;
      } catch (IOException refused) {
        assertThat(refused).isNotInstanceOf(PeerConnection.Unreachable.class);
      }
    }
    assertThat(read).isBetween(1, 999);
  }
}
