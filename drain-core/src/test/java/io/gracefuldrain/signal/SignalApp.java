package io.gracefuldrain.signal;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.PreStopCall;
import io.gracefuldrain.WorkLease;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * An application that is ended by signals, in a process of its own. Its policy comes by
 * environment, its other behavior by arguments. It reports on standard output, and takes commands
 * on standard input.
 */
final class SignalApp {
  private static final CountDownLatch MAIN = new CountDownLatch(1);
  private static final CountDownLatch GO = new CountDownLatch(1);
  private static final CountDownLatch HOOK = new CountDownLatch(1);
  private static final CountDownLatch END_HOOK = new CountDownLatch(1);
  private static final List<DrainCoordinator> COORDINATORS = new ArrayList<>();
  private static final List<DrainSignals> SIGNALS = new ArrayList<>();
  private static final List<PreStopCall> HOOKS = new ArrayList<>();
  private static final List<WorkLease> WORK = new ArrayList<>();

  private SignalApp() {}

  public static void main(String[] args) throws Exception {
    List<String> options = List.of(args);
    if (options.contains("receipt-hangs")) {
      System.setOut(new ReceiptHangs(System.out));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> shutdownHook(options)));
    for (String option : options) {
      if (option.startsWith("own-")) {
        takeSignals(option);
      }
    }
    DrainPolicy policy = DrainPolicy.fromEnvironment();
    if (options.contains("copy")) {
      installCopy(options);
    }
    install(policy, options);
    Thread commands = new Thread(SignalApp::obey, "commands");
    commands.setDaemon(true);
    commands.start();
    if (options.contains("log-throws")) {
      LogThrows.install();
    }
    say("READY");
    MAIN.await();
    say("MAIN ends");
  }

  private static void install(DrainPolicy policy, List<String> options) {
    DrainCoordinator coordinator = DrainCoordinator.create(policy);
    if (!options.contains("not-started")) {
      coordinator.started();
    }
    if (options.contains("holds")) {
      WORK.add(coordinator.work().tryBegin("held"));
    }
    COORDINATORS.add(coordinator);
    Runnable[] stops =
        options.stream()
            .filter(option -> option.startsWith("stop-"))
            .map(option -> stop(coordinator, option))
            .toArray(Runnable[]::new);
    SIGNALS.add(DrainSignals.install(coordinator, stops));
  }

  /** Another copy of the library and of this class, as a second web application has it. */
  private static void installCopy(List<String> options) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(new File(entry).toURI().toURL());
    }
    ClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    Method install =
        loader.loadClass(SignalApp.class.getName()).getDeclaredMethod("installAsCopy", List.class);
    install.setAccessible(true);
    install.invoke(null, options);
  }

  static void installAsCopy(List<String> options) {
    install(DrainPolicy.fromEnvironment().withPod("copy"), options);
  }

  private static Runnable stop(DrainCoordinator coordinator, String how) {
    return () -> {
      say(
          "STOP %s of %s on %s after %s"
              .formatted(
                  how,
                  coordinator.policy().pod(),
                  Thread.currentThread().getName(),
                  coordinator.report().reasons()));
      switch (how) {
        case "stop-throws" -> throw new IllegalStateException("cannot stop");
        case "stop-fails" -> throw new NoClassDefFoundError("no/such/Class");
        case "stop-hangs" -> hang();
        case "stop-1s" -> {
          var unused = await(new CountDownLatch(1), 1);
          say("STOPPED " + how);
        }
        case "stop-shuts-down" -> SIGNALS.get(0).shutDown();
        case "stop-main" -> endMain();
        case "stop-waits" -> await(GO, 30);
        case "stop-exits" -> System.exit(3);
        case "stop-closes" -> SIGNALS.forEach(DrainSignals::close);
        default -> {}
      }
    };
  }

  /** Lets the thread main end, and the JVM with it if there is nothing else to keep it. */
  private static void endMain() {
    MAIN.countDown();
    await(HOOK, 1);
  }

  private static boolean await(CountDownLatch latch, long seconds) {
    try {
      return latch.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      say("INTERRUPTED");
      return false;
    }
  }

  private static void shutdownHook(List<String> options) {
    say("HOOK");
    HOOK.countDown();
    if (options.contains("hook-hangs")) {
      hang();
    }
    if (options.contains("hook-waits")) {
      var unused = await(END_HOOK, 30);
    }
  }

  private static void hang() {
    while (true) {
      var unused = await(new CountDownLatch(1), 60);
    }
  }

  private static void obey() {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String command = line;
        Thread thread = new Thread(() -> obey(command), command); // some do not return
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      say("COMMANDS " + e);
    }
  }

  private static void obey(String command) {
    switch (command) {
      case "drain" -> COORDINATORS.get(0).drain(DrainReason.MANUAL);
      case "prestop" -> {
        PreStopCall call = COORDINATORS.get(0).preStop(() -> true);
        HOOKS.add(call);
        call.done().thenRun(() -> say("PRESTOP done"));
      }
      case "prestop-close" -> HOOKS.remove(0).close();
      case "phase" -> say("PHASE " + COORDINATORS.get(0).phase());
      case "close-coordinator" -> COORDINATORS.get(0).close();
      case "close-first" -> SIGNALS.remove(0).close();
      case "go" -> {
        GO.countDown();
        WORK.forEach(WorkLease::close);
      }
      case "end-hook" -> END_HOOK.countDown();
      case "end-main" -> MAIN.countDown();
      case "shut-down" -> SIGNALS.get(0).shutDown();
      case "shut-down-in-work" ->
          COORDINATORS.get(0).work().run("closes", () -> SIGNALS.get(0).shutDown());
      case "take" -> takeSignals("own-passes-on");
      case "install-again" -> installAgain();
      case "exit" -> System.exit(7);
      case "exit-in-work" -> COORDINATORS.get(0).work().run("fatal", () -> System.exit(7));
      default -> throw new IllegalArgumentException(command);
    }
    say("OBEYED " + command);
  }

  private static void installAgain() {
    try {
      SIGNALS.add(DrainSignals.install(COORDINATORS.get(0), () -> say("STOP of the second")));
    } catch (IllegalStateException e) {
      say("REFUSED " + e.getMessage());
    }
  }

  /** Acts as an application that has signal handlers of its own, set before or after ours. */
  private static void takeSignals(String how) {
    for (String name : Arrays.asList("TERM", "INT")) {
      Object[] previous = new Object[1];
      previous[0] =
          handle(
              name,
              signal -> {
                say("OWN %s on %s".formatted(signal, Thread.currentThread().getName()));
                switch (how) {
                  case "own-exits" -> System.exit(9);
                  case "own-later" -> new Thread(SignalApp::exitLater, "own").start();
                  case "own-throws" -> throw new IllegalStateException("cannot handle");
                  case "own-passes-on" -> call(previous[0], signal);
                  default -> {}
                }
              });
    }
  }

  private static void exitLater() {
    var unused = await(new CountDownLatch(1), 1);
    say("OWN is done");
    System.exit(5);
  }

  private static Object handle(String name, Consumer<Object> body) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object own =
          Proxy.newProxyInstance(
              SignalApp.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                if (method.getName().equals("handle")) {
                  body.accept(args[0]);
                }
                return null;
              });
      return signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), own);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("sun.misc.Signal", e);
    }
  }

  private static void call(Object handler, Object signal) {
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      type.getMethod("handle", Class.forName("sun.misc.Signal")).invoke(handler, signal);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("sun.misc.SignalHandler", e);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** A standard output that nobody reads any more once the receipt is written: its writer hangs. */
  private static final class ReceiptHangs extends PrintStream {
    ReceiptHangs(OutputStream out) {
      super(out, true, UTF_8);
    }

    @Override
    public void println(String line) {
      if (line.contains("DRAIN-009")) {
        hang();
      }
      super.println(line);
    }
  }

  /** An appender whose disk is full, as signals see it. */
  private static final class LogThrows extends TurboFilter {
    static void install() {
      LogThrows filter = new LogThrows();
      filter.start();
      ((LoggerContext) LoggerFactory.getILoggerFactory()).addTurboFilter(filter);
    }

    @Override
    public FilterReply decide(
        Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
      if (!logger.getName().startsWith("io.gracefuldrain.signal")) {
        return FilterReply.NEUTRAL;
      }
      throw new IllegalStateException("the disk is full");
    }
  }
}
