package io.gracefuldrain.benchmarks.crowd;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The processor time that a process has used, in nanoseconds.
 *
 * @param process all of it, in steps of 10 ms where the system counts so
 * @param threads that of Java's threads that live now: without compilers and garbage collection
 */
record ProcessorUse(long process, long threads) {
  static ProcessorUse ofThisProcess() {
    long sum = 0;
    ThreadMXBean all = ManagementFactory.getThreadMXBean();
    for (long id : all.getAllThreadIds()) {
      sum += Math.max(0, all.getThreadCpuTime(id));
    }
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new ProcessorUse(system.getProcessCpuTime(), sum);
  }

  static ProcessorUse of(String line) {
    int space = line.indexOf(' ');
    return new ProcessorUse(
        Long.parseLong(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
  }

  ProcessorUse since(ProcessorUse before) {
    return new ProcessorUse(process - before.process, threads - before.threads);
  }

  /** As {@link #of} reads it. */
  @Override
  public String toString() {
    return process + " " + threads;
  }
}
