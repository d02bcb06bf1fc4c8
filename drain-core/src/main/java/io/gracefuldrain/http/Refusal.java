package io.gracefuldrain.http;

/** The error that answers a request; not our fault, so it has no stack trace. */
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
