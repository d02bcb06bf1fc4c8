package io.gracefuldrain.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The application's own conditions for its readiness. Thread-safe. */
final class ReadyChecks {
  /** How long a probe waits for them: half of the second that the kubelet gives it. */
  static final Duration MOST = Duration.ofMillis(500);

  private final Bound bound;
  private final List<ReadyCheck> checks = new CopyOnWriteArrayList<>();

  ReadyChecks(Bound bound) {
    this.bound = bound;
  }

  /** As {@link DrainEndpoints#readyWhen}. */
  synchronized void add(String name, BooleanSupplier condition) {
    Objects.requireNonNull(condition, "condition");
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "readyWhen: '" + name + "' (expected: a name on one line)");
    }
    if (checks.stream().anyMatch(check -> check.name().equals(name))) {
      throw new IllegalArgumentException(
          "readyWhen: " + name + " is there already (expected: another name)");
    }
    checks.add(new ReadyCheck(name, condition));
  }

  /** The given answer if all conditions hold, else which do not. */
  CompletableFuture<Answer> answer(Supplier<Answer> good) {
    List<ReadyCheck> asked = List.copyOf(checks);
    if (asked.isEmpty()) {
      return Answer.now(good.get());
    }
    List<CompletableFuture<String>> questions = asked.stream().map(ReadyCheck::ask).toList();
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    answerWhenAllAreThere(questions, answer, good);
    if (!answer.isDone()) {
      bound.set(
          answer,
          MOST,
          () -> {
            List<String> wrong = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
              wrong.add(asked.get(i).late(questions.get(i)));
            }
            answer.complete(answer(wrong, good));
          });
    }
    return answer;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  private static void answerWhenAllAreThere(
      List<CompletableFuture<String>> questions,
      CompletableFuture<Answer> answer,
      Supplier<Answer> good) {
    CompletableFuture.allOf(questions.toArray(CompletableFuture<?>[]::new))
        .thenRun(
            () ->
                answer.complete(
                    answer(questions.stream().map(CompletableFuture::join).toList(), good)));
  }

  private static Answer answer(List<String> wrong, Supplier<Answer> good) {
    List<String> named = wrong.stream().filter(each -> !each.isEmpty()).toList();
    return named.isEmpty()
        ? good.get()
        : Answer.error(503, "not ready: " + String.join(", ", named));
  }
}
