package io.gracefuldrain;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A kept session has landed.
 *
 * @param told is to be told so; null if that was said before
 * @param rest completes when it has ended, with what has come since the take
 */
record Landing(KeptSession.@Nullable Source told, CompletableFuture<byte[]> rest) {}
