package io.gracefuldrain.benchmarks.crowd;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/**
 * The processor time that a process has used, in nanoseconds.
 *
 * @param process all of it, in steps of 10 ms where the system counts so
 * @param threads that of Java's threads that live now: without compilers and garbage collection
 * @param coordinator that of the drain's own threads among them
 */
record ProcessorUse(long process, long threads, long coordinator) {
  static final ProcessorUse NONE = new ProcessorUse(0, 0, 0);

  static ProcessorUse ofThisProcess() {
    long threads = 0;
    long coordinator = 0;
    ThreadMXBean all = ManagementFactory.getThreadMXBean();
    for (ThreadInfo thread : all.getThreadInfo(all.getAllThreadIds())) {
      if (thread != null) { // it has just ended
        long used = Math.max(0, all.getThreadCpuTime(thread.getThreadId()));
        threads += used;
        coordinator += thread.getThreadName().startsWith("drain-") ? used : 0;
      }
    }
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new ProcessorUse(system.getProcessCpuTime(), threads, coordinator);
  }

  static ProcessorUse of(String line) {
    String[] words = line.split(" ", -1);
    return new ProcessorUse(
        Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  ProcessorUse since(ProcessorUse before) {
    return new ProcessorUse(
        process - before.process, threads - before.threads, coordinator - before.coordinator);
  }

  /** As {@link #of} reads it. */
  @Override
  public String toString() {
    return process + " " + threads + " " + coordinator;
  }
}
