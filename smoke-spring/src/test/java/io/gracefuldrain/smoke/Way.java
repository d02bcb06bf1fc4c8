package io.gracefuldrain.smoke;

/** A way in which an application ends, the exit code that it has, and the reason in the receipt. */
enum Way {
  SIGTERM(143, "SIGTERM") {
    @Override
    void end(Shop shop) {
      shop.process().terminate();
    }
  },
  /** As the kubelet does it: the signal follows when the hook has answered. */
  PRE_STOP(143, "PRE_STOP") {
    @Override
    void end(Shop shop) throws Exception {
      var unused = shop.preStop().whenComplete((answer, e) -> shop.process().terminate());
    }
  },
  SIGINT(130, "SIGINT") {
    @Override
    void end(Shop shop) throws Exception {
      shop.process().signal("INT");
    }
  },
  SPRING_APPLICATION_EXIT(4, "SHUTDOWN") {
    @Override
    void end(Shop shop) {
      shop.web("POST", "/end?by=SpringApplication.exit").join();
    }
  },
  ACTUATOR_SHUTDOWN(0, "SHUTDOWN") {
    @Override
    void end(Shop shop) {
      shop.actuator("POST", "/actuator/shutdown").join();
    }
  },
  SYSTEM_EXIT(3, "SHUTDOWN") {
    @Override
    void end(Shop shop) {
      shop.web("POST", "/end?by=System.exit").join();
    }
  };

  private final int exitCode;
  private final String reason;

  Way(int exitCode, String reason) {
    this.exitCode = exitCode;
    this.reason = reason;
  }

  /** Begins the end. */
  abstract void end(Shop shop) throws Exception;

  int exitCode() {
    return exitCode;
  }

  String reason() {
    return reason;
  }
}
