package io.gracefuldrain.smoke;

import io.gracefuldrain.testing.JvmProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What else an application of the usual shape is often built with, or started with. */
enum Stack {
  JETTY_AND_LOG4J("Jetty started on port", "/report") {
    @Override
    JvmProcess.Builder program() throws IOException {
      return with(Line.BOOT_4_1, "jetty-4.1");
    }
  },
  /** Spring Boot 4 has no Undertow. */
  UNDERTOW("Undertow started on port", "/report") {
    @Override
    JvmProcess.Builder program() throws IOException {
      return with(Line.BOOT_3_5, "undertow-3.5");
    }
  },
  /** The web server takes two seconds to stop. */
  WEBFLUX("Netty started on port", "/report-later") {
    @Override
    JvmProcess.Builder program() throws IOException {
      return with(Line.BOOT_4_1, "webflux-4.1");
    }
  },
  /** As a native image has it: beans are made by code, and reflection is what hints allow. */
  AHEAD_OF_TIME("Starting AOT-processed ShopApplication", "/report") {
    @Override
    JvmProcess.Builder program() {
      return JvmProcess.of(Line.BOOT_4_1.jar()).jvm("-Dspring.aot.enabled=true");
    }
  },
  VIRTUAL_THREADS("shop: order 7 begins on VirtualThread", "/report") {
    @Override
    JvmProcess.Builder program() {
      return JvmProcess.of(Line.BOOT_4_1.jar()).home(Jdk.from(21).orElseThrow());
    }

    @Override
    String[] arguments() {
      return new String[] {Ending.SLOW, "--spring.threads.virtual.enabled=true"};
    }
  };

  private final String says;
  private final String report;

  Stack(String says, String report) {
    this.says = says;
    this.report = report;
  }

  abstract JvmProcess.Builder program() throws IOException;

  String[] arguments() {
    return new String[] {Ending.SLOW};
  }

  /** What its log has in it, and that of no other. */
  String says() {
    return says;
  }

  /** Where the report is that does not block what may not be blocked. */
  String report() {
    return report;
  }

  /** The classes of a line's shop, with jars that are not those of its build. */
  private static JvmProcess.Builder with(Line line, String folder) throws IOException {
    String jars = Files.readString(Path.of(folder, "target", "classpath.txt")).strip();
    List<String> all = List.of(line.classes().toString(), jars);
    return JvmProcess.of(Path.of(String.join(File.pathSeparator, all)), Shop.MAIN);
  }
}
