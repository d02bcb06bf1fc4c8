package io.gracefuldrain.client;

import org.jspecify.annotations.Nullable;

/** Something the application said; its arguments are an array, as the client takes them. */
@SuppressWarnings("ArrayRecordComponent")
record Emit(AwareSocket socket, String event, Object[] args, @Nullable Reply reply) {}
