package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOServer;
import java.lang.reflect.Field;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** What is reflected upon has a hint, and is there: a field of another name fails here. */
class DrainRuntimeHintsTest {
  private static RuntimeHints hints() {
    RuntimeHints hints = new RuntimeHints();
    List<RuntimeHintsRegistrar> all =
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
            .load(RuntimeHintsRegistrar.class);
    assertThat(all).hasAtLeastOneElementOfType(DrainRuntimeHints.class);
    all.forEach(
        registrar -> {
          if (registrar instanceof DrainRuntimeHints) {
            registrar.registerHints(hints, null);
          }
        });
    return hints;
  }

  @Test
  void fields_thatAreRead_haveHints() throws NoSuchFieldException {
    RuntimeHints hints = hints();
    for (Field field :
        List.of(
            ThreadPoolTaskExecutor.class.getDeclaredField("taskDecorator"),
            ThreadPoolTaskScheduler.class.getDeclaredField("taskDecorator"),
            SimpleAsyncTaskExecutor.class.getDeclaredField("taskDecorator"),
            ExecutorConfigurationSupport.class.getDeclaredField("rejectedExecutionHandler"),
            DefaultLifecycleProcessor.class.getDeclaredField("timeoutsForShutdownPhases"),
            SimpleAsyncTaskScheduler.class.getDeclaredField("fixedDelayExecutor"),
            SocketIOServer.class.getDeclaredField("bossGroup"),
            SocketIOServer.class.getDeclaredField("workerGroup"),
            SocketIOServer.class.getDeclaredField("pipelineFactory"),
            SocketIOChannelInitializer.class.getDeclaredField("scheduler"))) {
      assertThat(RuntimeHintsPredicates.reflection().onField(field).test(hints))
          .as(field.toString())
          .isTrue();
    }
  }

  @Test
  void signals_haveHints() throws ReflectiveOperationException {
    RuntimeHints hints = hints();
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    assertThat(
            RuntimeHintsPredicates.reflection()
                .onMethod(signal.getMethod("handle", signal, handler))
                .invoke()
                .test(hints))
        .isTrue();
    assertThat(
            RuntimeHintsPredicates.reflection()
                .onConstructor(signal.getConstructor(String.class))
                .invoke()
                .test(hints))
        .isTrue();
    assertThat(RuntimeHintsPredicates.reflection().onField(handler.getField("SIG_DFL")).test(hints))
        .isTrue();
    assertThat(RuntimeHintsPredicates.proxies().forInterfaces(handler).test(hints)).isTrue();
  }
}
