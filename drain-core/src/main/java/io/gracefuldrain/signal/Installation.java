package io.gracefuldrain.signal;

import io.gracefuldrain.DrainCoordinator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator that is drained when the process ends.
 *
 * @param coordinator the coordinator
 * @param stops the stops to run after its drain, in order
 * @param classLoader the context class loader of the installing thread; the stops may rely on it,
 *     like a shutdown hook
 */
record Installation(
    DrainCoordinator coordinator, List<Runnable> stops, @Nullable ClassLoader classLoader) {
  String pod() {
    return coordinator.policy().pod();
  }
}
