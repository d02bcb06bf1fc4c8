package io.gracefuldrain.servlet;

import jakarta.servlet.ServletContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The servlet containers for the servlet and the filter, with few threads. */
enum ServletContainer {
  JETTY {
    @Override
    Running start(Consumer<ServletContext> setUp) throws Exception {
      Server server = new Server(new QueuedThreadPool(8));
      ServerConnector connector = new ServerConnector(server, 1, 1);
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      ServletContextHandler context = new ServletContextHandler("/");
      context.addServletContainerInitializer((classes, ready) -> setUp.accept(ready));
      server.setHandler(context);
      server.setStopTimeout(0);
      server.start();
      return new Running() {
        @Override
        public int port() {
          return connector.getLocalPort();
        }

        @Override
        public void stop() throws Exception {
          server.stop();
        }
      };
    }
  },

  TOMCAT {
    @Override
    Running start(Consumer<ServletContext> setUp) throws Exception {
      Tomcat tomcat = new Tomcat();
      Path base = Files.createTempDirectory("tomcat");
      tomcat.setBaseDir(base.toString());
      Connector connector = new Connector();
      connector.setPort(0);
      connector.setProperty("address", "127.0.0.1");
      connector.setProperty("maxThreads", "4");
      tomcat.setConnector(connector);
      StandardContext context = (StandardContext) tomcat.addContext("", base.toString());
      // It warns of classes that it may not read.
      context.setClearReferencesObjectStreamClassCaches(false);
      context.setClearReferencesThreadLocals(false);
      context.setClearReferencesRmiTargets(false);
      context.addServletContainerInitializer((classes, ready) -> setUp.accept(ready), null);
      tomcat.start();
      return new Running() {
        @Override
        public int port() {
          return connector.getLocalPort();
        }

        @Override
        public void stop() throws Exception {
          if (tomcat.getServer().getState() == LifecycleState.DESTROYED) {
            return;
          }
          tomcat.stop();
          tomcat.destroy();
          try (var files = Files.walk(base)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(file);
            }
          }
        }
      };
    }
  };

  /** A container that listens. */
  interface Running {
    int port();

    void stop() throws Exception;
  }

  abstract Running start(Consumer<ServletContext> setUp) throws Exception;
}
