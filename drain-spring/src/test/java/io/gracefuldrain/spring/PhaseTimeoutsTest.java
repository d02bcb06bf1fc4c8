package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

/** What each phase of a shutdown may take, by a clock that is turned by hand. */
class PhaseTimeoutsTest {
  private final DrainCoordinator coordinator =
      DrainCoordinator.create(
          DrainPolicy.defaults().withTerminationLog("").withStopMargin(Duration.ofSeconds(6)));
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000); // it wraps around
  private final PhaseTimeouts timeouts = new PhaseTimeouts(coordinator, now::get);
  private final DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
  private final List<Long> given = new ArrayList<>();

  @AfterEach
  void close() {
    coordinator.close();
  }

  /** Takes some time to stop. */
  private final class Slow implements SmartLifecycle {
    private final int phase;
    private final Duration takes;
    private boolean running;

    Slow(int phase, Duration takes) {
      this.phase = phase;
      this.takes = takes;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      noteTimeout(); // that of the phase before
      now.addAndGet(takes.toNanos());
      running = false;
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public int getPhase() {
      return phase;
    }
  }

  private void noteTimeout() {
    given.add((Long) ReflectionTestUtils.getField(processor, "timeoutPerShutdownPhase"));
  }

  private GenericApplicationContext context(Slow... beans) {
    GenericApplicationContext context = new GenericApplicationContext();
    context.registerBean(
        AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME,
        DefaultLifecycleProcessor.class,
        () -> processor);
    for (Slow bean : beans) {
      context.registerBean("phase" + bean.getPhase(), Slow.class, () -> bean);
    }
    context.addApplicationListener(
        (ApplicationListener<ContextClosedEvent>)
            event -> timeouts.limit(event.getApplicationContext()));
    context.refresh();
    return context;
  }

  private static Slow slow(PhaseTimeoutsTest test, int phase, int seconds) {
    return test.new Slow(phase, Duration.ofSeconds(seconds));
  }

  @Test
  void phases_thatAreSlow_haveOneBudgetTogether() {
    context(slow(this, 3, 2), slow(this, 2, 2), slow(this, 1, 2), slow(this, 0, 0)).close();
    noteTimeout();

    // 5 s, since one of the 6 is for the destruction of beans; less what was used, and a moment for
    // each that comes after.
    assertThat(given.subList(1, given.size()))
        .containsExactly(5000L - 2000 - 300, 5000L - 4000 - 200, 0L, 0L);
  }

  @Test
  void phases_thatAreQuick_haveAllThereIs() {
    context(slow(this, 2, 0), slow(this, 1, 0)).close();
    noteTimeout();
    assertThat(given.subList(1, given.size())).containsExactly(4900L, 5000L);
  }

  @Test
  void phase_withATimeoutOfItsOwn_keepsItWhileItFits() {
    processor.setTimeoutsForShutdownPhases(Map.of(2, 300L, 1, 60_000L));
    context(slow(this, 2, 4), slow(this, 1, 0)).close();
    assertThat(processor)
        .extracting("timeoutsForShutdownPhases")
        .isEqualTo(Map.of(2, 300L, 1, 1000L));
  }

  @Test
  void context_thatEndsMeanwhile_hasItsPartOfTheSameTime() {
    try (GenericApplicationContext other = context(slow(this, 1, 0))) {
      timeouts.join(other); // nothing ends yet
      assertThat(other.getBeanFactory().getSingletonNames()).noneMatch(name -> limit(name));
      timeouts.limit(other);
      now.addAndGet(Duration.ofSeconds(3).toNanos());
      assertThat(other.getBeanFactory().getSingletonNames()).anyMatch(name -> limit(name));
      other.getBeansOfType(PhaseLimit.class).values().forEach(PhaseLimit::stop);
      noteTimeout();
      assertThat(given).containsExactly(2000L);
    }
  }

  private static boolean limit(String name) {
    return name.startsWith(PhaseLimit.class.getName());
  }
}
