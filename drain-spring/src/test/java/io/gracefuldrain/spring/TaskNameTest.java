package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class TaskNameTest {
  private static Runnable shownAs(String text) {
    return new Runnable() {
      @Override
      public void run() {}

      @Override
      public String toString() {
        return text;
      }
    };
  }

  @Test
  void of_aMethodThatSpringShows_isThatMethod() {
    assertThat(TaskName.of(shownAs("com.shop.Jobs.cleanUp"), "pool"))
        .isEqualTo("com.shop.Jobs.cleanUp");
    assertThat(
            TaskName.of(
                new FutureTask<>(
                    shownAs("DelegatingErrorHandlingRunnable for com.shop.Jobs.cleanUp"), null),
                "pool"))
        .isEqualTo("com.shop.Jobs.cleanUp");
  }

  @Test
  void of_whateverSaysSomethingElse_isItsExecutor() {
    for (String text :
        new String[] {
          "", "null", "token=s3cret", "a b", "com.shop.Task@1f2e3d", "x[y=z]", "x".repeat(200)
        }) {
      assertThat(TaskName.of(shownAs(text), "pool")).as(text).isEqualTo("task of pool");
    }
    assertThat(TaskName.of(() -> {}, "pool")).isEqualTo("task of pool");
    assertThat(TaskName.of(new FutureTask<>(() -> 1), "pool")).isEqualTo("task of pool");
  }
}
