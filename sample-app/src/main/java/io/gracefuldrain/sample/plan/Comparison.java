package io.gracefuldrain.sample.plan;

import java.util.List;

/**
 * A real drain beside simulated ones.
 *
 * @param load the machine's load average before it
 * @param perSecond how many handshakes the first pod took in a second, in this run
 * @param firstMs how long its first one took
 * @param forced how many connections of the real drain were cut
 * @param processorFrom microseconds of processor time of the draining pod for each client
 * @param processorTo the same of the receiving pod
 */
record Comparison(
    double load,
    double perSecond,
    long firstMs,
    int forced,
    double processorFrom,
    double processorTo,
    Sample real,
    List<Sample> simulated) {}
