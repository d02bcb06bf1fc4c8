package io.gracefuldrain.lab.options;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/** The command line that runs this program again, as a person would type it. */
public final class Invocation {
  private Invocation() {}

  /**
   * Returns the command line of one of its commands: with the jar if the program runs from one,
   * else with Maven.
   *
   * @param main the class with the main method
   */
  public static String of(Class<?> main, String command) {
    return of(command, System.getProperty("java.class.path", ""), codeSource(main), Path.of(""));
  }

  private static Path codeSource(Class<?> main) {
    CodeSource source = main.getProtectionDomain().getCodeSource();
    try {
      return source == null ? Path.of("") : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      return Path.of("");
    }
  }

  static String of(String command, String classPath, Path codeSource, Path here) {
    Path code = codeSource.toAbsolutePath();
    // "java -jar x.jar" has only that jar on its class path; a build tool has its own jar there.
    if (!code.toString().endsWith(".jar") || !Path.of(classPath).toAbsolutePath().equals(code)) {
      return "mvn -q compile exec:java -pl sample-app -am -Dexec.args=\"" + command + "\"";
    }
    Path root = here.toAbsolutePath();
    return "java -jar " + (code.startsWith(root) ? root.relativize(code) : code) + " " + command;
  }
}
