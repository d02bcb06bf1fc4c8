package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.annotation.SpringAnnotationScanner;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.socketio.SocketIoDrain;
import io.gracefuldrain.spring.SocketIoDrains;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;

/** However an application makes and starts its server, it is attached before that. */
@Execution(ExecutionMode.CONCURRENT) // each server takes four seconds to stop
class AttachTest {
  private final ApplicationContextRunner runner = Contexts.runner();

  @Configuration(proxyBeanMethods = false)
  static class ByInitMethod {
    @Bean(initMethod = "start", destroyMethod = "stop")
    SocketIOServer server() {
      return Contexts.server();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ByAnotherBean {
    @Bean
    SocketIOServer server() {
      return Contexts.server();
    }

    @Bean
    InitializingBean starter(SocketIOServer server) {
      return server::start;
    }
  }

  @Configuration
  static class ByItsOwnConfiguration implements SmartInitializingSingleton {
    @Bean
    SocketIOServer server() {
      return Contexts.server();
    }

    @Override
    public void afterSingletonsInstantiated() {
      server().start();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ByAFactoryBean {
    @Bean
    FactoryBean<SocketIOServer> server() {
      return new FactoryBean<>() {
        @Override
        public SocketIOServer getObject() {
          return Contexts.server();
        }

        @Override
        public Class<?> getObjectType() {
          return SocketIOServer.class;
        }
      };
    }

    @Bean
    InitializingBean starter(SocketIOServer server) {
      return server::start;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WithTheScannerOfTheServersLibrary {
    @Bean
    SocketIOServer server() {
      return Contexts.server();
    }

    @Bean
    static SpringAnnotationScanner scanner(SocketIOServer server) {
      return new SpringAnnotationScanner(server);
    }

    @Bean
    InitializingBean starter(SocketIOServer server) {
      return server::start;
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ByInitMethod.class,
        ByAnotherBean.class,
        ByItsOwnConfiguration.class,
        ByAFactoryBean.class,
        WithTheScannerOfTheServersLibrary.class
      })
  void server_startedByAnyOfTheUsualWays_isAttachedBefore_andStopped(Class<?> way) {
    AtomicReference<SocketIoDrain> drain = new AtomicReference<>();
    runner
        .withUserConfiguration(way)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              drain.set(context.getBean(SocketIoDrain.class));
              assertThat(drain.get().running()).isTrue();
              assertThat(context.getBean(DrainCoordinator.class).phase())
                  .isEqualTo(DrainPhase.SERVING);
            });
    assertThat(drain.get().running()).isFalse();
  }

  /** As many applications have it. */
  static final class Runs implements InitializingBean, DisposableBean {
    private final SocketIOServer server;
    private final SocketIoDrains drains;
    private final AtomicReference<Boolean> runsAtTheEnd = new AtomicReference<>();

    Runs(SocketIOServer server, SocketIoDrains drains) {
      this.server = server;
      this.drains = drains;
    }

    @Override
    public void afterPropertiesSet() {
      server.start();
    }

    @Override
    public void destroy() {
      runsAtTheEnd.set(drains.of(server).running());
      server.stop();
    }
  }

  @Test
  void server_ofTheApplication_isStoppedBeforeBeansAreDestroyed() {
    AtomicReference<Runs> runs = new AtomicReference<>();
    runner
        .withPropertyValues("KUBERNETES_SERVICE_HOST=10.0.0.1") // it drains though nobody is there
        .withPropertyValues("drain.readiness-delay-max=0s", "drain.move-window=0s")
        .withBean("server", SocketIOServer.class, Contexts::server)
        .withBean(Runs.class)
        .run(context -> runs.set(context.getBean(Runs.class)));

    assertThat(runs.get().runsAtTheEnd).hasValue(false);
  }

  @Test
  void server_ofAContextThatStopsAndGoesOn_staysAsItIs() {
    runner
        .withBean("server", SocketIOServer.class, Contexts::server)
        .withBean(Runs.class)
        .run(
            context -> {
              context.getSourceApplicationContext(ConfigurableApplicationContext.class).stop();
              assertThat(context.getBean(SocketIoDrain.class).running()).isTrue();
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class LateOnes {
    @Bean
    @Lazy
    SocketIOServer lazy() {
      return Contexts.server();
    }

    @Bean
    @Scope("prototype")
    SocketIOServer prototype() {
      return Contexts.server();
    }
  }

  @Test
  void servers_thatComeLate_areAttachedToTheOneCoordinator() {
    runner
        .withUserConfiguration(LateOnes.class)
        .run(
            context -> {
              SocketIoDrains drains = context.getBean(SocketIoDrains.class);
              assertThat(drains.all()).isEmpty();
              SocketIOServer lazy = context.getBean("lazy", SocketIOServer.class);
              SocketIOServer first = context.getBean("prototype", SocketIOServer.class);
              SocketIOServer second = context.getBean("prototype", SocketIOServer.class);
              assertThat(drains.all()).hasSize(3);
              assertThat(drains.of(lazy)).isNotSameAs(drains.of(first));
              assertThat(drains.of(first)).isNotSameAs(drains.of(second));
              assertThat(context).doesNotHaveBean(SocketIoDrain.class);
            });
  }

  @Test
  void server_withAspectsAroundIt_isAttachedAndFound() {
    runner
        .withBean("server", SocketIOServer.class, Contexts::server)
        .withBean(
            BeanNameAutoProxyCreator.class,
            () -> {
              BeanNameAutoProxyCreator aspects = new BeanNameAutoProxyCreator();
              aspects.setBeanNames("server");
              aspects.setProxyTargetClass(true);
              aspects.setInterceptorNames("aspect");
              return aspects;
            })
        .withBean("aspect", MethodInterceptor.class, () -> MethodInvocation::proceed)
        .run(
            context -> {
              SocketIOServer server = context.getBean(SocketIOServer.class);
              assertThat(AopUtils.isAopProxy(server)).isTrue();
              assertThat(context.getBean(SocketIoDrains.class).all()).hasSize(1);
              assertThat(context.getBean(SocketIoDrains.class).of(server).running()).isFalse();
            });
  }

  @Test
  void lazyInitialization_drainsAllTheSame() {
    runner
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .withUserConfiguration(ByAnotherBean.class)
        .run(
            context -> {
              DrainCoordinator coordinator = context.getBean(DrainCoordinator.class);
              assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
              context.getBean("starter");
              assertThat(context.getBean(SocketIoDrain.class).running()).isTrue();
            });
  }

  // ---------------------------------------------------------------- mistakes

  @Configuration(proxyBeanMethods = false)
  static class StartedTooEarly {
    static final AtomicReference<SocketIOServer> STARTED = new AtomicReference<>();

    @Bean
    SocketIOServer chat() {
      SocketIOServer server = Contexts.server();
      server.start();
      STARTED.set(server);
      return server;
    }
  }

  @Test
  void server_startedInItsBeanMethod_isAMistakeWithTheLineToChange() {
    FailureAnalysis analysis = analysis(StartedTooEarly.class);
    StartedTooEarly.STARTED.get().stop();

    assertThat(analysis.getDescription())
        .startsWith("The Socket.IO server 'chat', made by the method chat in ")
        .contains(StartedTooEarly.class.getSimpleName())
        .endsWith(", was started before it became a bean, so its clients cannot be drained.");
    assertThat(analysis.getAction())
        .startsWith("Remove server.start() from the method that makes the server");
  }

  @Test
  void randomSession_off_isAMistake() {
    com.corundumstudio.socketio.Configuration off = Contexts.configuration();
    off.setRandomSession(false);
    FailureAnalysis analysis = analysis(() -> new SocketIOServer(off));

    assertThat(analysis.getDescription())
        .startsWith("The Socket.IO server 'server' has randomSession off.");
    assertThat(analysis.getAction())
        .isEqualTo(
            "Add configuration.setRandomSession(true) before new SocketIOServer(configuration).");
  }

  @Test
  void pipelineFactory_ofTheApplication_isAMistake() {
    FailureAnalysis analysis =
        analysis(
            () -> {
              SocketIOServer server = Contexts.server();
              server.setPipelineFactory(new Filter());
              return server;
            });

    assertThat(analysis.getDescription())
        .startsWith("The Socket.IO server 'server' has a pipeline factory of its own: ")
        .contains(Filter.class.getName());
    assertThat(analysis.getAction())
        .startsWith("Let that class extend io.gracefuldrain.socketio.DrainChannelInitializer");
  }

  private static final class Filter extends SocketIOChannelInitializer {}

  @Configuration(proxyBeanMethods = false)
  static class AttachedByHand {
    @Bean
    SocketIOServer server(DrainCoordinator coordinator) {
      SocketIOServer server = Contexts.server();
      SocketIoDrain.attach(server, coordinator);
      return server;
    }
  }

  @Test
  void server_attachedByTheApplicationToo_isAMistake() {
    FailureAnalysis analysis = analysis(AttachedByHand.class);

    assertThat(analysis.getDescription()).endsWith(" is attached already.");
    assertThat(analysis.getAction()).startsWith("Remove SocketIoDrain.attach(...) from your code");
  }

  private FailureAnalysis analysis(Supplier<SocketIOServer> server) {
    return Failures.of(runner.withBean("server", SocketIOServer.class, server));
  }

  private FailureAnalysis analysis(Class<?> configuration) {
    return Failures.of(runner.withUserConfiguration(configuration));
  }
}
