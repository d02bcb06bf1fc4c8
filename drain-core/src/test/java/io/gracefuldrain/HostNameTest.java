package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The name of the host is asked for only where no pod has a name: DNS may take seconds. */
final class HostNameTest {
  private static final String ASKS = "io.gracefuldrain.Setting$HostName";

  @Test
  void pod_thatIsSet_asksNobodyForTheHostsName() throws Exception {
    assertThat(classesLoadedFor(Map.of("DRAIN_POD", "pod-a"))).doesNotContain(ASKS);
  }

  @Test
  void pod_thatIsNotSet_isTheHosts() throws Exception {
    assertThat(classesLoadedFor(Map.of())).contains(ASKS);
  }

  /** The library's classes that a policy needs to say the pod's name, in a loader of their own. */
  private static Set<String> classesLoadedFor(Map<String, String> environment) throws Exception {
    Recorder recorder = new Recorder();
    Class<?> policy = recorder.loadClass(DrainPolicy.class.getName());
    Object read = policy.getMethod("fromEnvironment", Map.class).invoke(null, environment);
    assertThat((String) policy.getMethod("pod").invoke(read)).isNotBlank();
    return recorder.loaded;
  }

  private static final class Recorder extends ClassLoader {
    final Set<String> loaded = new HashSet<>();

    Recorder() {
      super(HostNameTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.gracefuldrain.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      loaded.add(name);
      String file = "/" + name.replace('.', '/') + ".class";
      try (InputStream in = HostNameTest.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
