package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.annotation.OnConnect;
import com.corundumstudio.socketio.annotation.OnEvent;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

/** What Spring's own processing ahead of time makes of beans with annotated listeners. */
class SocketIoListenerHintsTest {
  record Order(int id) {}

  static class Listener {
    @OnConnect
    void come(SocketIOClient client) {}

    @OnEvent("order")
    void order(SocketIOClient client, Order order, AckRequest ack) {}

    void none(SocketIOClient client) {}
  }

  private static RuntimeHints hintsOf(Class<?> bean) {
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      context.registerBean(bean);
      DefaultGenerationContext generation =
          new DefaultGenerationContext(
              new ClassNameGenerator(ClassName.get(SocketIoListenerHintsTest.class)),
              new InMemoryGeneratedFiles());
      new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
      return generation.getRuntimeHints();
    }
  }

  @Test
  void listeners_ofABean_haveHints() throws NoSuchMethodException {
    RuntimeHints hints = hintsOf(Listener.class);
    assertThat(
            RuntimeHintsPredicates.reflection()
                .onMethod(Listener.class.getDeclaredMethod("come", SocketIOClient.class))
                .invoke()
                .test(hints))
        .isTrue();
    assertThat(
            RuntimeHintsPredicates.reflection()
                .onMethod(
                    Listener.class.getDeclaredMethod(
                        "order", SocketIOClient.class, Order.class, AckRequest.class))
                .invoke()
                .test(hints))
        .isTrue();
    assertThat(
            RuntimeHintsPredicates.reflection()
                .onMethod(Listener.class.getDeclaredMethod("none", SocketIOClient.class))
                .invoke()
                .test(hints))
        .isFalse();
  }

  @Test
  void whatAnEventCarries_hasHints() {
    RuntimeHints hints = hintsOf(Listener.class);
    assertThat(RuntimeHintsPredicates.reflection().onType(Order.class).test(hints)).isTrue();
    assertThat(RuntimeHintsPredicates.reflection().onType(AckRequest.class).test(hints)).isFalse();
  }
}
