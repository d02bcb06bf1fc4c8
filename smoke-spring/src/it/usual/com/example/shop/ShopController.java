package com.example.shop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ShopController {
  private final Database database;
  private final ApplicationContext context;
  private final long takesMillis;

  ShopController(
      Database database,
      ApplicationContext context,
      @Value("${shop.order-takes:2500}") long takesMillis) {
    this.database = database;
    this.context = context;
    this.takesMillis = takesMillis;
  }

  /** A request that takes its time. */
  @GetMapping("/report")
  String report() throws InterruptedException {
    Thread.sleep(takesMillis);
    database.write("report");
    return "the report";
  }

  /** The same, without a thread that waits. */
  @GetMapping("/report-later")
  CompletableFuture<String> reportLater() {
    Executor later = CompletableFuture.delayedExecutor(takesMillis, TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(
        () -> {
          database.write("report");
          return "the report";
        },
        later);
  }

  /** Ends the application as code does. */
  @PostMapping("/end")
  void end(@RequestParam String by) {
    Runnable end =
        by.equals("SpringApplication.exit")
            ? () -> System.exit(SpringApplication.exit(context, () -> 4))
            : () -> System.exit(3);
    Thread thread = new Thread(end, "end");
    thread.setDaemon(false); // else the JVM may end with 0 when the context has closed
    thread.start();
  }
}
