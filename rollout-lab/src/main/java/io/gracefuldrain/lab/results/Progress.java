package io.gracefuldrain.lab.results;

/**
 * How a crowd is doing: a line of {@code probe --json -}.
 *
 * @param connected clients that have a connection
 * @param pending clients that have not had one yet
 * @param away clients that have had one and have none now
 * @param gaps times without a connection, unfinished ones included
 * @param failedConnects attempts that failed, first ones included
 * @param refused clients with at least one failed attempt
 * @param named clients whose pod has said its name
 */
public record Progress(
    int clients,
    int connected,
    int pending,
    int away,
    int gaps,
    int failedConnects,
    int refused,
    long received,
    long missingConnected,
    long missingAway,
    int named) {}
