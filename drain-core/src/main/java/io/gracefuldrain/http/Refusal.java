package io.gracefuldrain.http;

/** A request that gets an error for an answer; no fault of ours, so it has no stack trace. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  Refusal(Answer answer) {
    super(answer.body(), null, false, false);
    this.answer = answer;
  }

  static Refusal badRequest(String message) {
    return new Refusal(Answer.error(400, message));
  }

  Answer answer() {
    return answer;
  }
}
