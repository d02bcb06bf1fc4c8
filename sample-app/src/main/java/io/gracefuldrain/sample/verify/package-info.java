/** {@code verify}: strategies and scenarios on a cluster, by kubectl. */
@NullMarked
package io.gracefuldrain.sample.verify;

import org.jspecify.annotations.NullMarked;
