package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.ReflectionUtils;

/**
 * Makes the tasks of Spring's executor and scheduler beans work in flight, also those behind
 * {@code @Async} and {@code @Scheduled}, on platform threads and virtual ones. A decorator and a
 * handler of rejected tasks that a bean has already stay, inside ours. Before a bean is
 * initialized, since it makes its pool then.
 */
final class DrainTaskDecorators implements BeanPostProcessor, PriorityOrdered {
  /** Fields that have no getter; the names are those of Spring Framework 6.2 and 7. */
  static final String DECORATOR = "taskDecorator";

  static final String REJECTED = "rejectedExecutionHandler";
  static final String FIXED_DELAYS = "fixedDelayExecutor";

  private static final Logger LOG = LoggerFactory.getLogger(DrainTaskDecorators.class);

  private final TaskLeases leases;
  private final Set<String> excluded;

  DrainTaskDecorators(TaskLeases leases, Set<String> excluded) {
    this.leases = leases;
    this.excluded = excluded;
  }

  /**
   * With those that are made first. Post-processors of the application, such as netty-socketio's
   * {@code SpringAnnotationScanner}, need the server, and so make the coordinator and perhaps
   * executors while most post-processors are not there yet.
   */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (!excluded.contains(name)) {
      decorate(bean, name);
    }
    return bean;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof DrainCoordinator coordinator) {
      leases.begins(coordinator);
    }
    return bean;
  }

  private void decorate(Object bean, String name) {
    try {
      if (bean instanceof ThreadPoolTaskExecutor pool) {
        RejectedExecutionHandler rejected =
            (RejectedExecutionHandler) read(ExecutorConfigurationSupport.class, REJECTED, pool);
        TaskDecorator own = own(ThreadPoolTaskExecutor.class, pool);
        pool.setTaskDecorator(
            task -> TaskLeases.has(task) ? task : leases.queued(name, decorated(own, task)));
        pool.setRejectedExecutionHandler(new Rejected(rejected));
      } else if (bean instanceof ThreadPoolTaskScheduler scheduler) {
        TaskDecorator own = own(ThreadPoolTaskScheduler.class, scheduler);
        scheduler.setTaskDecorator(task -> leases.repeated(name, decorated(own, task)));
      } else if (bean instanceof SimpleAsyncTaskScheduler scheduler) {
        TaskDecorator own = own(SimpleAsyncTaskExecutor.class, scheduler);
        scheduler.setTaskDecorator(task -> leases.repeated(name, decorated(own, task)));
        withFixedDelays(scheduler, name);
      } else if (bean instanceof SimpleAsyncTaskExecutor executor) {
        TaskDecorator own = own(SimpleAsyncTaskExecutor.class, executor);
        executor.setTaskDecorator(task -> leases.starting(name, decorated(own, task)));
      }
    } catch (RuntimeException e) { // a version of Spring with other fields
      LOG.warn(
          "DRAIN-087 tasks of {} are not waited for by a drain: {} (expected: Spring Framework 6.2"
              + " or 7)",
          name,
          e.toString());
    }
  }

  /** This scheduler does not ask its decorator for a task with a fixed delay. */
  private void withFixedDelays(SimpleAsyncTaskScheduler scheduler, String name) {
    Field field = field(SimpleAsyncTaskScheduler.class, FIXED_DELAYS);
    ProxyFactory forwarding = new ProxyFactory();
    forwarding.setInterfaces(ScheduledExecutorService.class);
    forwarding.setTarget(ReflectionUtils.getField(field, scheduler));
    forwarding.addAdvice(
        (MethodInterceptor)
            call -> {
              Object[] arguments = call.getArguments();
              if (call.getMethod().getName().equals("scheduleWithFixedDelay")
                  && arguments[0] instanceof Runnable task) {
                arguments[0] = leases.repeated(name, task);
              }
              return call.proceed();
            });
    Object proxy = forwarding.getProxy(DrainTaskDecorators.class.getClassLoader());
    ReflectionUtils.setField(field, scheduler, proxy);
  }

  private static Runnable decorated(@Nullable TaskDecorator own, Runnable task) {
    return own == null ? task : own.decorate(task);
  }

  private static @Nullable TaskDecorator own(Class<?> type, Object bean) {
    return (TaskDecorator) read(type, DECORATOR, bean);
  }

  private static @Nullable Object read(Class<?> type, String name, Object bean) {
    return ReflectionUtils.getField(field(type, name), bean);
  }

  private static Field field(Class<?> type, String name) {
    Field field = ReflectionUtils.findField(type, name);
    if (field == null) {
      throw new IllegalStateException(type.getSimpleName() + " has no field " + name);
    }
    ReflectionUtils.makeAccessible(field);
    return field;
  }

  /** Ends the lease of a task that a full pool does not take, in whatever way it is dropped. */
  private static final class Rejected implements RejectedExecutionHandler {
    private final RejectedExecutionHandler own;

    Rejected(@Nullable Object own) {
      this.own =
          own instanceof RejectedExecutionHandler h ? h : new ThreadPoolExecutor.AbortPolicy();
    }

    @Override
    public void rejectedExecution(Runnable task, ThreadPoolExecutor pool) {
      if (own instanceof ThreadPoolExecutor.DiscardOldestPolicy) {
        Runnable oldest = pool.isShutdown() ? task : pool.getQueue().poll();
        if (oldest != null) {
          TaskLeases.dropped(oldest);
        }
        if (oldest != task) {
          pool.execute(task);
        }
        return;
      }
      boolean dropped = true;
      try {
        own.rejectedExecution(task, pool);
        // Others may have kept it, or have run it, which has ended the lease.
        dropped =
            own instanceof ThreadPoolExecutor.DiscardPolicy
                || (own instanceof ThreadPoolExecutor.CallerRunsPolicy && pool.isShutdown());
      } finally {
        if (dropped) {
          TaskLeases.dropped(task);
        }
      }
    }
  }
}
