package io.gracefuldrain.spring;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Refuses properties {@code drain.socketio.*} that nobody would read: they are for the server that
 * the starter makes. A user who sets them means them, so silence would be worse.
 */
final class MadeServerCheck implements BeanFactoryPostProcessor {
  /** The name of the server that the starter makes. */
  static final String MADE = "socketIoServer";

  private static final String GROUP = "socketio.";

  private final PropertySources sources;

  MadeServerCheck(PropertySources sources) {
    this.sources = sources;
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    String set = set();
    if (set.isEmpty()) {
      return;
    }
    List<String> servers = servers(beans);
    if (servers.isEmpty()) {
      throw new DrainStartException(
          "There is no Socket.IO server, so nobody reads " + set + ".",
          "Set drain.socketio.port, too: the starter then makes a server. Or remove " + set + ".",
          null);
    }
    if (!made(beans)) {
      throw new DrainStartException(
          "The application has a Socket.IO server of its own, the bean "
              + String.join(", ", servers)
              + ", so nobody reads "
              + set
              + ": what is below drain.socketio is for a server that the starter makes.",
          "Set the same on the "
              + Configuration.class.getName()
              + " of your server, and remove "
              + set
              + ". Or remove your bean: the starter then makes the server.",
          null);
    }
  }

  /** The properties that are set, by whatever source. */
  private String set() {
    Set<String> set = new TreeSet<>();
    for (String name : PropertyNames.OWN) {
      if (name.startsWith(GROUP) && sources.has(name)) {
        set.add(PropertySources.PREFIX + name);
      }
    }
    return set.stream().collect(Collectors.joining(", "));
  }

  private static List<String> servers(ConfigurableListableBeanFactory beans) {
    return List.of(
        BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
            beans, SocketIOServer.class, true, false));
  }

  private static boolean made(ConfigurableListableBeanFactory beans) {
    return beans.containsBean(MADE + "Lifecycle");
  }
}
