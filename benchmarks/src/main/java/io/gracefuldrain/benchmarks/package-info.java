/** What the SDK's structures cost, compared with what could be used instead. */
@NullMarked
package io.gracefuldrain.benchmarks;

import org.jspecify.annotations.NullMarked;
