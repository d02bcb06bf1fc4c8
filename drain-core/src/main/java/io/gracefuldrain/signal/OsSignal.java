package io.gracefuldrain.signal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A signal taken from the handler that had it. It uses reflection: the compiler's warning about
 * {@code sun.misc.Signal} cannot be suppressed, and a JVM may not have the class.
 */
final class OsSignal {
  private static final SignalLog LOG = SignalLog.of(OsSignal.class);

  private final ExitSignal name;
  private final SunMisc sunMisc;
  private final Object signal;
  private final Object handler;
  private @Nullable Object previous;
  private volatile boolean givenBack;

  /** A signal that cannot be taken; the message says why. */
  static final class NotTakenException extends Exception {
    private static final long serialVersionUID = 1L;

    NotTakenException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private OsSignal(ExitSignal name, SunMisc sunMisc, Object signal, BooleanSupplier arrived) {
    this.name = name;
    this.sunMisc = sunMisc;
    this.signal = signal;
    this.handler = sunMisc.handler(() -> arrived(arrived));
  }

  /**
   * Takes a signal.
   *
   * @param arrived called for each signal, on its own thread; false forwards it to the former
   *     handler
   */
  static OsSignal take(ExitSignal name, BooleanSupplier arrived) throws NotTakenException {
    try {
      SunMisc sunMisc = SunMisc.find();
      OsSignal taken = new OsSignal(name, sunMisc, sunMisc.signal(name.shortName()), arrived);
      Object previous = sunMisc.handle(taken.signal, taken.handler);
      taken.previous = previous;
      if (previous == sunMisc.ignore) {
        // The JVM then leaves it ignored, and nothing ever arrives.
        var unused = taken.giveBack();
        throw new NotTakenException(name + " is ignored by this process", null);
      }
      return taken;
    } catch (InvocationTargetException e) {
      // For instance with -Xrs: "Signal already used by VM or OS: SIGTERM".
      throw new NotTakenException(String.valueOf(e.getCause()), e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new NotTakenException("this JVM has no sun.misc.Signal (module jdk.unsupported)", e);
    }
  }

  private void arrived(BooleanSupplier arrived) {
    // It may still arrive after it was given back: the next handler may pass it on to us.
    if (givenBack || !arrived.getAsBoolean()) {
      passOn();
    }
  }

  /**
   * Calls the previous handler, as it would have been called.
   *
   * @return why there is none to call or it failed; null if it was called and has returned
   */
  @Nullable String passOn() {
    if (previous == null || previous == sunMisc.ignore || previous == sunMisc.standard) {
      return "there is none";
    }
    try {
      sunMisc.call(previous, signal);
      return null;
    } catch (InvocationTargetException e) {
      LOG.warn("DRAIN-058 The previous handler of {}, {}, failed", name, previous, e.getCause());
      return "it failed with " + e.getCause();
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      LOG.warn("DRAIN-058 The previous handler of {}, {}, cannot be called", name, previous, e);
      return "it cannot be called";
    }
  }

  /** Whether the previous handler is another copy of this library, under another class loader. */
  boolean followsCopy() {
    return previous != null && Proxy.isProxyClass(previous.getClass()) && named(previous);
  }

  private static boolean named(Object handler) {
    try {
      return handler.toString().equals(DrainSignals.class.getName());
    } catch (RuntimeException | LinkageError e) {
      return false; // foreign code
    }
  }

  /**
   * Gives the signal back to the previous handler, unless another handler has taken it since.
   *
   * @return writes the log line about it, if there is one: to be run without a lock
   */
  @Nullable Runnable giveBack() {
    givenBack = true;
    try {
      Object current = sunMisc.handle(signal, previous);
      if (current == handler || previous == sunMisc.ignore) {
        return null;
      }
      sunMisc.handle(signal, current);
      return () -> LOG.warn("DRAIN-051 {} is not given back: {} has taken it since", name, current);
    } catch (ReflectiveOperationException e) {
      return () -> LOG.warn("DRAIN-051 {} cannot be given back to {}", name, previous, e);
    }
  }

  /** The parts of {@code sun.misc} that are used. */
  private static final class SunMisc {
    private final Class<?> handlerType;
    private final Class<?> signalType;
    private final Method handle;
    private final Method call;
    final Object standard;
    final Object ignore;

    private SunMisc() throws ReflectiveOperationException {
      signalType = Class.forName("sun.misc.Signal");
      handlerType = Class.forName("sun.misc.SignalHandler");
      handle = signalType.getMethod("handle", signalType, handlerType);
      call = handlerType.getMethod("handle", signalType);
      standard = handlerType.getField("SIG_DFL").get(null);
      ignore = handlerType.getField("SIG_IGN").get(null);
    }

    static SunMisc find() throws ReflectiveOperationException {
      return new SunMisc();
    }

    Object signal(String name) throws ReflectiveOperationException {
      return signalType.getConstructor(String.class).newInstance(name);
    }

    /** Sets a handler, and returns the one before it. */
    @Nullable Object handle(Object signal, @Nullable Object handler)
        throws ReflectiveOperationException {
      return handle.invoke(null, signal, handler);
    }

    void call(Object handler, Object signal) throws ReflectiveOperationException {
      call.invoke(handler, signal);
    }

    Object handler(Runnable arrived) {
      return Proxy.newProxyInstance(
          OsSignal.class.getClassLoader(),
          new Class<?>[] {handlerType},
          (proxy, method, args) ->
              switch (method.getName()) {
                case "handle" -> {
                  arrived.run();
                  yield null;
                }
                case "equals" -> proxy == args[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> DrainSignals.class.getName();
              });
    }
  }
}
