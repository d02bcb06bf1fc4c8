package io.gracefuldrain.client;

import org.jspecify.annotations.Nullable;

/** Something the application said. */
record Emit(AwareSocket socket, String event, Object[] args, @Nullable Reply reply) {}
