package io.gracefuldrain.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The servlet containers for the servlet and the filter, with few threads. */
enum ServletContainer {
  JETTY {
    @Override
    Running start(String contextPath, Consumer<ServletContext> setUp, boolean http2)
        throws Exception {
      Server server = new Server(new QueuedThreadPool(8));
      HttpConfiguration http = new HttpConfiguration();
      ServerConnector connector =
          new ServerConnector(
              server,
              1,
              1,
              http2
                  ? new ConnectionFactory[] {
                    new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http)
                  }
                  : new ConnectionFactory[] {new HttpConnectionFactory(http)});
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      ServletContextHandler context =
          new ServletContextHandler(contextPath.isEmpty() ? "/" : contextPath);
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
        @SuppressWarnings("FutureReturnValueIgnored") // the server's stop ends it
        public void sendAway(HttpServletRequest request) {
          ConnectionMetaData connection =
              ServletContextRequest.getServletContextRequest(request).getConnectionMetaData();
          if (connection.getConnection() instanceof HTTP2Connection http2) {
            http2.getSession().shutdown(); // GOAWAY; what is in progress goes on
          }
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
    Running start(String contextPath, Consumer<ServletContext> setUp, boolean http2)
        throws Exception {
      Registry.disableRegistry(); // several at a time would give their MBeans the same names
      Tomcat tomcat = new Tomcat();
      Path base = Files.createTempDirectory("tomcat");
      tomcat.setBaseDir(base.toString());
      Connector connector = new Connector();
      connector.setPort(0);
      connector.setProperty("address", "127.0.0.1");
      connector.setProperty("maxThreads", "4");
      Departures departures = new Departures();
      if (http2) {
        connector.addUpgradeProtocol(departures);
      }
      tomcat.setConnector(connector);
      StandardContext context = (StandardContext) tomcat.addContext(contextPath, base.toString());
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
        public void sendAway(HttpServletRequest request) {
          departures.sendAway();
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

  /** Tomcat's HTTP/2, whose clients can be sent away. */
  private static final class Departures extends Http2Protocol {
    private final Set<InternalHttpUpgradeHandler> open =
        Collections.newSetFromMap(new WeakHashMap<>());

    @Override
    public synchronized InternalHttpUpgradeHandler getInternalUpgradeHandler(
        SocketWrapperBase<?> socket, Adapter adapter, Request request) {
      InternalHttpUpgradeHandler handler =
          super.getInternalUpgradeHandler(socket, adapter, request);
      open.add(handler);
      return handler;
    }

    synchronized void sendAway() {
      open.forEach(InternalHttpUpgradeHandler::pause); // GOAWAY; what is in progress goes on
    }
  }

  /** A container that listens. */
  interface Running {
    int port();

    /** Sends the HTTP/2 client of a request away, or all of them. */
    void sendAway(HttpServletRequest request);

    void stop() throws Exception;
  }

  final Running start(Consumer<ServletContext> setUp) throws Exception {
    return start("", setUp, false);
  }

  /** With a context that has a path, as a web application has. */
  final Running startAt(String contextPath, Consumer<ServletContext> setUp) throws Exception {
    return start(contextPath, setUp, false);
  }

  /** The same, which speaks HTTP/2 without TLS too. */
  final Running startWithHttp2(Consumer<ServletContext> setUp) throws Exception {
    return start("", setUp, true);
  }

  abstract Running start(String contextPath, Consumer<ServletContext> setUp, boolean http2)
      throws Exception;
}
