package io.gracefuldrain.spring;

import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** What this library and the adapter reflect upon, for a native image. */
final class DrainRuntimeHints implements RuntimeHintsRegistrar {
  private static final String SOCKETIO = "com.corundumstudio.socketio.";

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
    field(hints, TypeReference.of(ThreadPoolTaskExecutor.class), DrainTaskDecorators.DECORATOR);
    field(hints, TypeReference.of(ThreadPoolTaskScheduler.class), DrainTaskDecorators.DECORATOR);
    field(hints, TypeReference.of(SimpleAsyncTaskExecutor.class), DrainTaskDecorators.DECORATOR);
    field(
        hints, TypeReference.of(ExecutorConfigurationSupport.class), DrainTaskDecorators.REJECTED);
    field(
        hints, TypeReference.of(SimpleAsyncTaskScheduler.class), DrainTaskDecorators.FIXED_DELAYS);
    hints
        .proxies()
        .registerJdkProxy(AopProxyUtils.completeJdkProxyInterfaces(ScheduledExecutorService.class));
    field(hints, TypeReference.of(DefaultLifecycleProcessor.class), PhaseTimeouts.TIMEOUTS);
    // drain-netty-socketio looks whether a server was started, and what its pipeline is, and ends
    // its event loops.
    field(hints, TypeReference.of(SOCKETIO + "SocketIOServer"), "bossGroup");
    field(hints, TypeReference.of(SOCKETIO + "SocketIOServer"), "workerGroup");
    field(hints, TypeReference.of(SOCKETIO + "SocketIOServer"), "pipelineFactory");
    field(hints, TypeReference.of(SOCKETIO + "SocketIOChannelInitializer"), "scheduler");
    // drain-core hears of signals by them.
    hints
        .reflection()
        .registerType(
            TypeReference.of("sun.misc.Signal"),
            MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS,
            MemberCategory.INVOKE_PUBLIC_METHODS)
        .registerType(
            TypeReference.of("sun.misc.SignalHandler"),
            handler ->
                handler
                    .withMembers(MemberCategory.INVOKE_PUBLIC_METHODS)
                    .withField("SIG_DFL")
                    .withField("SIG_IGN"));
    hints.proxies().registerJdkProxy(TypeReference.of("sun.misc.SignalHandler"));
  }

  private static void field(RuntimeHints hints, TypeReference type, String name) {
    hints.reflection().registerType(type, builder -> builder.withField(name));
  }
}
