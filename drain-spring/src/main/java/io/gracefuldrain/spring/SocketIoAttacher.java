package io.gracefuldrain.spring;

import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.socketio.AttachException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Attaches each bean that is a Socket.IO server before anybody can start it: before its own init
 * method, and before a bean that starts it gets it. Stops those that nobody else stops.
 */
final class SocketIoAttacher implements DestructionAwareBeanPostProcessor, PriorityOrdered {
  private final ConfigurableListableBeanFactory beans;
  private final ObjectProvider<SocketIoDrains> drains;

  // Not asked for again in the destruction, when no bean may be made.
  private volatile @Nullable SocketIoDrains used;

  SocketIoAttacher(ConfigurableListableBeanFactory beans, ObjectProvider<SocketIoDrains> drains) {
    this.beans = beans;
    this.drains = drains;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    attach(bean, name);
    return bean;
  }

  /** A server that a FactoryBean makes comes here alone. */
  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    attach(bean, name);
    return bean;
  }

  private void attach(Object bean, String name) {
    if (!(bean instanceof SocketIOServer server) || AopUtils.isAopProxy(bean)) {
      return;
    }
    SocketIoDrains all = drains.getObject();
    used = all;
    try {
      all.attach(server, beans);
    } catch (AttachException e) {
      throw refused(e.reason(), String.valueOf(e.getMessage()), name + "'" + where(name), e);
    }
  }

  @Override
  public boolean requiresDestruction(Object bean) {
    return bean instanceof SocketIOServer;
  }

  @Override
  public void postProcessBeforeDestruction(Object bean, String name) {
    SocketIoDrains all = used;
    if (all != null && bean instanceof SocketIOServer server) {
      all.end(server);
    }
  }

  // ---------------------------------------------------------------- what to change

  /** The mistake as the user is told of it. */
  static DrainStartException refused(
      AttachException.Reason reason, String message, String named, @Nullable Throwable e) {
    String bean = "The Socket.IO server '" + named;
    return switch (reason) {
      case STARTED ->
          new DrainStartException(
              bean + " was started before it became a bean, so its clients cannot be drained.",
              "Remove server.start() from the method that makes the server: let it only return the"
                  + " server. Start it afterwards, for instance by @Bean(initMethod = \"start\"), in"
                  + " a CommandLineRunner or in a @PostConstruct of another bean.",
              e);
      case RANDOM_SESSION ->
          new DrainStartException(
              bean
                  + " has randomSession off. Two connections of one browser then share one session"
                  + " by a cookie, and a client cannot connect elsewhere before it leaves here.",
              "Add configuration.setRandomSession(true) before new SocketIOServer(configuration).",
              e);
      case PIPELINE_FACTORY ->
          new DrainStartException(
              bean + " has a pipeline factory of its own: " + message + ".",
              "Let that class extend io.gracefuldrain.socketio.DrainChannelInitializer in place of"
                  + " SocketIOChannelInitializer, and keep setPipelineFactory.",
              e);
      case VERSION ->
          new DrainStartException(
              "The version of netty-socketio cannot be drained: " + message + ".",
              "Change the version of com.corundumstudio.socketio:netty-socketio in your build, or"
                  + " remove it: the starter brings one that works.",
              e);
      case ATTACHED ->
          new DrainStartException(
              bean + " is attached already.",
              "Remove SocketIoDrain.attach(...) from your code: the starter attaches each server"
                  + " that is a bean. Inject SocketIoDrain, or SocketIoDrains if you have several"
                  + " servers.",
              e);
    };
  }

  private String where(String name) {
    if (!beans.containsBeanDefinition(name)) {
      return "";
    }
    BeanDefinition definition = beans.getBeanDefinition(name);
    String made = definition.getFactoryMethodName();
    String resource = definition.getResourceDescription();
    if (made == null || resource == null) {
      return "";
    }
    return String.format(Locale.ROOT, ", made by the method %s in %s,", made, resource);
  }
}
