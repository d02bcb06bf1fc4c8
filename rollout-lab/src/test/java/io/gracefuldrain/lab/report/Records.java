package io.gracefuldrain.lab.report;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies records with one component changed. */
final class Records {
  private Records() {}

  /** Returns a copy with another value of one component. */
  @SuppressWarnings("unchecked") // its own class
  static <T extends Record> T with(T of, String name, @Nullable Object value) {
    RecordComponent[] components = of.getClass().getRecordComponents();
    List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
    if (!names.contains(name)) {
      throw new IllegalArgumentException(name + " (expected: one of " + names + ")");
    }
    try {
      @Nullable Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = names.get(i).equals(name) ? value : components[i].getAccessor().invoke(of);
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return (T) of.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
