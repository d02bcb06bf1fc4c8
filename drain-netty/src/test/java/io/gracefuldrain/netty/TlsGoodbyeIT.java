package io.gracefuldrain.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same goodbye over TLS. */
class TlsGoodbyeIT {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final int MEGABYTE = 1 << 20;

  @Test
  void client_getsAllAndACleanEnd(@TempDir Path folder) throws Exception {
    KeyStore keys = keys(folder.resolve("pod.p12"));
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    SslContext tls = SslContextBuilder.forServer(own).build();
    BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    NioEventLoopGroup loops = new NioEventLoopGroup(1);
    try {
      Channel listener =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                      accepted.add(channel);
                    }
                  })
              .bind("127.0.0.1", 0)
              .sync()
              .channel();
      int port = ((InetSocketAddress) listener.localAddress()).getPort();
      Channel server;
      WebSocketGoodbye goodbye;
      try (SSLSocket client = connect(keys, port)) {
        client.startHandshake();
        Channel leaving = accepted.poll(10, TimeUnit.SECONDS);
        server = leaving;
        var queued = server.writeAndFlush(Unpooled.wrappedBuffer(new byte[4 * MEGABYTE]));
        goodbye =
            server
                .eventLoop()
                .submit(() -> WebSocketGoodbye.begin(leaving, Duration.ofSeconds(60)))
                .get();
        server
            .eventLoop()
            .submit(
                () -> {
                  goodbye.passInput();
                  goodbye.end();
                })
            .sync();

        InputStream in = client.getInputStream();
        assertThat(in.readNBytes(4 * MEGABYTE)).hasSize(4 * MEGABYTE);
        assertThat(in.read()).as("the end, as TLS says it").isEqualTo(-1);
        assertThat(queued.isSuccess()).isTrue();
      }
      Await.until("the end", () -> !server.isOpen());
      assertThat(server.eventLoop().submit(goodbye::orderly).get()).isTrue();
    } finally {
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  private static SSLSocket connect(KeyStore trusted, int port) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Await.SOON.toMillis());
    return socket;
  }

  private static KeyStore keys(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "pod",
                "-dname",
                "CN=127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    // The own certificate is trusted, too.
    keys.setCertificateEntry("trusted", keys.getCertificate("pod"));
    return keys;
  }
}
