package io.gracefuldrain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenedTest {
  @Test
  void closeAll_several_closesTheLastFirstAndEachOnce() throws Exception {
    List<String> closed = new ArrayList<>();
    Opened opened = new Opened();
    opened.add(() -> closed.add("first"));
    opened.add(() -> closed.add("second"));

    opened.closeAll();
    opened.closeAll();

    assertThat(closed).containsExactly("second", "first");
  }
}
