/** What the SDK's structures cost, beside what could have been used instead. */
@NullMarked
package io.gracefuldrain.benchmarks;

import org.jspecify.annotations.NullMarked;
