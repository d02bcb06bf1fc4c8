package io.gracefuldrain.client;

import org.jspecify.annotations.Nullable;

/**
 * An event that the application emits. Its arguments are an array, as the stock client takes them.
 */
@SuppressWarnings("ArrayRecordComponent")
record Emit(AwareSocket socket, String event, Object[] args, @Nullable Reply reply) {}
