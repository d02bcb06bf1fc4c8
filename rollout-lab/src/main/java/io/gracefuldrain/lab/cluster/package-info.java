/** {@code verify}: strategies and scenarios on a cluster, by kubectl. */
@NullMarked
package io.gracefuldrain.lab.cluster;

import org.jspecify.annotations.NullMarked;
