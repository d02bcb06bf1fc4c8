package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.TestCrowd.Upload;
import io.gracefuldrain.testing.WireSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The same farewell over TLS. */
@Isolated("a crowd keeps the processors busy")
class TlsIT {
  private static final String PASSWORD = "changeit";

  @TempDir static Path directory;

  @BeforeAll
  static void makeKeyStore() throws Exception {
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
                "-ext",
                "SAN=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore().toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
  }

  private static Path keyStore() {
    return directory.resolve("pod.p12");
  }

  static void overTls(Configuration configuration) {
    try {
      configuration.setKeyStore(Files.newInputStream(keyStore()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    configuration.setKeyStoreFormat("PKCS12");
    configuration.setKeyStorePassword(PASSWORD);
    configuration.setSSLProtocol("TLS");
  }

  @Test
  void letGo_overTls_everythingQueuedArrives() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").configuration(TlsIT::overTls).start();
        Socket socket = trusting().getSocketFactory().createSocket("127.0.0.1", pod.port());
        ScriptedClient client =
            ScriptedClient.over(WireSocket.upgrade(socket, "EIO=4").reading()).join("")) {
      FeedSession session = client.ready(pod, "", "tls");
      LastWords lastWords = new LastWords(pod);
      session.send(5000);

      lastWords.prepare();
      DrainReport report = pod.drained();

      lastWords.allSaid();
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(session.owed()).isEqualTo(5000 + LastWords.TO_A_WEBSOCKET);
      client.gotAllOf(session);
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.moves().max()).isLessThan(FeedServer.POLICY.moveWindow());
    }
  }

  @Test
  void letGo_overTls_theSessionIsKeptForAnotherPod() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a").policy(NextPod::keeps).configuration(TlsIT::overTls).start();
        Socket socket = trusting().getSocketFactory().createSocket("127.0.0.1", pod.port());
        ScriptedClient client =
            ScriptedClient.over(WireSocket.upgrade(socket, "EIO=4").reading()).join("")) {
      FeedSession session = client.ready(pod, "", "tls");
      session.send(5);
      var unused = pod.drain();
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      session.send(5);

      List<Integer> all = new ArrayList<>(client.numbers(session));
      all.addAll(NextPod.numbers(NextPod.take(pod, client.session())));
      assertThat(all).isEqualTo(IntStream.range(0, 10).boxed().toList());
    }
  }

  @Test
  void drain_stockClientsOverTls_returnWithNothingLost() throws Exception {
    int each = 2;
    EnumSet<ClientKind> kinds = EnumSet.of(ClientKind.JS4_WEBSOCKET, ClientKind.JS2_WEBSOCKET);
    try (Rollout rollout = new Rollout(kinds, each, pod -> pod.configuration(TlsIT::overTls))) {
      rollout.arrive(Upload.HEAVY, "https", Map.of("rejectUnauthorized", false));
      rollout.flows(rollout.podA());
      LastWords lastWords = new LastWords(rollout.podA());

      lastWords.prepare();
      DrainReport report = rollout.drain();

      lastWords.allSaid();
      EveryClientIT.everybodyWasLetGo(report, kinds.size() * each);
      EveryClientIT.nothingIsLost(rollout.settle(), each);
    }
  }

  /** The end of TLS, which each side says, shows that all has arrived. */
  @Test
  void drain_stockClientsWithRecoveryOverTls_missNothingAndLoseNothing() throws Exception {
    RecoveryScene.Setting overTls =
        new RecoveryScene.Setting() {
          @Override
          public String scheme() {
            return "https";
          }

          @Override
          public void configure(String pod, Configuration configuration) {
            overTls(configuration);
          }
        };
    try (RecoveryScene scene = new RecoveryScene(overTls).everyGroup()) {
      scene.arrive();

      DrainReport report = scene.drain(scene.podA(), scene.podB());

      List<RecoveryScene.Ledger> ledgers = scene.end();
      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isEqualTo(report.tracked());
      assertThat(scene.recovered()).containsExactlyInAnyOrderElementsOf(scene.names());
      scene.assertNothingIsLost(ledgers, 2);
    }
  }

  private static SSLContext trusting() throws Exception {
    X509TrustManager trusting =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trusting}, null);
    return context;
  }
}
