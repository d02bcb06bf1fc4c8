/**
 * Processes and threads that the program starts: another JVM with one of its own commands, the
 * process of a pod, daemon threads, and cleaning up at the end.
 */
@NullMarked
package io.gracefuldrain.lab.process;

import org.jspecify.annotations.NullMarked;
