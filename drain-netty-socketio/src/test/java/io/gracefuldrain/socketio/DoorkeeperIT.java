package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AuthTokenResult;
import com.corundumstudio.socketio.AuthorizationResult;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIONamespace;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.RecoveryScene.Ledger;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The new pod's application decides slowly, fails, or throws the client out. */
@Isolated("a crowd keeps the processors busy")
class DoorkeeperIT {
  private static final String NEW_POD = "pod-b";

  private static void work() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
  }

  private static void assertAllHandedOver(RecoveryScene scene) throws Exception {
    DrainReport report = scene.drain(scene.podA(), scene.podB());

    List<Ledger> ledgers = scene.end();
    assertThat(report.count(Outcome.LANDED)).as(report.toText()).isEqualTo(report.tracked());
    assertThat(scene.recovered()).containsExactlyInAnyOrderElementsOf(scene.names());
    scene.assertNothingIsLost(ledgers, 2);
  }

  private static RecoveryScene arrived(RecoveryScene.Setting setting) throws Exception {
    RecoveryScene scene = new RecoveryScene(setting);
    scene.group("websocket", "socket.io-client", List.of("websocket"), "/");
    scene.group("chat", "socket.io-client", List.of("websocket"), "/chat");
    scene.group("upgrade", "socket.io-client", List.of("polling", "websocket"), "/");
    scene.arrive();
    return scene;
  }

  /** Of the handshake, before Socket.IO begins. */
  @Test
  void authorization_thatIsSlow_losesNothing() throws Exception {
    try (RecoveryScene scene =
        arrived(
            new RecoveryScene.Setting() {
              @Override
              public void configure(String pod, Configuration configuration) {
                if (pod.equals(NEW_POD)) {
                  configuration.setAuthorizationListener(
                      handshake -> {
                        work();
                        return AuthorizationResult.SUCCESSFUL_AUTHORIZATION;
                      });
                }
              }
            })) {
      assertAllHandedOver(scene);
    }
  }

  /** Its clients are refused, as ever, and come again. */
  @Test
  void authorization_thatFailsForAMoment_losesNothing() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    try (RecoveryScene scene =
        arrived(
            new RecoveryScene.Setting() {
              @Override
              public void configure(String pod, Configuration configuration) {
                if (pod.equals(NEW_POD)) {
                  configuration.setAuthorizationListener(
                      handshake -> {
                        if (failures.getAndIncrement() < 4) {
                          throw new IllegalStateException("the user service is away");
                        }
                        return AuthorizationResult.SUCCESSFUL_AUTHORIZATION;
                      });
                }
              }
            })) {
      assertAllHandedOver(scene);
      assertThat(failures).hasValueGreaterThan(4);
    }
  }

  /** Of the CONNECT. */
  @Test
  void tokenListener_thatIsSlow_losesNothing() throws Exception {
    try (RecoveryScene scene =
        arrived(
            new RecoveryScene.Setting() {
              @Override
              public void attached(FeedServer pod) {
                if (pod.coordinator().policy().pod().equals(NEW_POD)) {
                  for (String name : List.of("", "/chat")) {
                    pod.server()
                        .getNamespace(name)
                        .addAuthTokenListener(
                            (token, client) -> {
                              work();
                              return AuthTokenResult.AuthTokenResultSuccess;
                            });
                  }
                }
              }
            })) {
      assertAllHandedOver(scene);
    }
  }

  @Test
  void tokenListener_thatFails_landsNobody() throws Exception {
    nobodyLands(
        namespace ->
            namespace.addAuthTokenListener(
                (token, client) -> {
                  throw new IllegalStateException("the user service is away");
                }));
  }

  @Test
  void connectListener_thatThrowsTheClientOut_landsNobody() throws Exception {
    nobodyLands(namespace -> namespace.addConnectListener(SocketIOClient::disconnect));
  }

  private interface Rule {
    void of(SocketIONamespace namespace);
  }

  private static void nobodyLands(Rule rule) throws Exception {
    try (RecoveryScene scene =
        arrived(
            new RecoveryScene.Setting() {
              @Override
              public void attached(FeedServer pod) {
                if (pod.coordinator().policy().pod().equals(NEW_POD)) {
                  rule.of(pod.server().getNamespace(""));
                  rule.of(pod.server().getNamespace("/chat"));
                }
              }
            })) {
      scene.door().leadTo(scene.podB());
      CompletableFuture<DrainReport> drain = scene.podA().drain();
      scene.awaitKept(scene.podA(), scene.names().size());
      Await.until("they have come", () -> scene.podB().knowsAny());
      DrainReport report = FeedServer.receipt(drain);

      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isZero();
      assertThat(scene.recovered()).isEmpty();
      List<Ledger> ledgers = scene.ledgers();
      System.out.println("not let in: " + ledgers);
      assertThat(ledgers)
          .allSatisfy(
              each ->
                  assertThat(each.connected().stream().skip(1))
                      .as(each.toString())
                      .noneMatch(RecoveryScene.Connect::recovered));
    }
  }
}
