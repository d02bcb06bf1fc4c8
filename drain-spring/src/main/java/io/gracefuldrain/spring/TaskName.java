package io.gracefuldrain.spring;

import java.util.regex.Pattern;

/** What the status and the receipt call a task: as it says itself if it does, else its executor. */
final class TaskName {
  // A method, as Spring's scheduled tasks are shown: nothing of an object's identity.
  private static final Pattern METHOD = Pattern.compile("[\\w$.]{1,120}");
  private static final String WRAPPED = "task = ";
  private static final String HANDLING = "DelegatingErrorHandlingRunnable for ";

  private TaskName() {}

  static String of(Runnable task, String executor) {
    String shown = String.valueOf(task);
    int wrapped = shown.lastIndexOf(WRAPPED);
    if (wrapped >= 0) {
      shown = shown.substring(wrapped + WRAPPED.length());
    }
    if (shown.startsWith(HANDLING)) {
      shown = shown.substring(HANDLING.length());
    }
    int end = shown.indexOf(']');
    String name = end < 0 ? shown : shown.substring(0, end);
    return METHOD.matcher(name).matches() && name.contains(".") ? name : "task of " + executor;
  }
}
