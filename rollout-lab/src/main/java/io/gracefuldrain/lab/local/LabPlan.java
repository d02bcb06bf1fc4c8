package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.crowd.ClientMix;
import java.time.Duration;

/**
 * The settings that are the same for all strategies.
 *
 * @param orderEvery the interval of each client's orders; zero for none
 * @param grace the grace period of every pod
 * @param hold how long a preStop that sleeps takes
 * @param sources how many addresses the clients have
 * @param surroundings what stands between clients and pods beside the Service
 */
record LabPlan(
    Scaling scaling,
    ClientMix clients,
    int feedMs,
    int upMs,
    Duration orderEvery,
    DelayRange propagation,
    Duration grace,
    Duration hold,
    int sources,
    Surroundings surroundings,
    long seed) {}
