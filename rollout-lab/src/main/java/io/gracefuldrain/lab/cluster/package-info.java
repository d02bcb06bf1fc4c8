/**
 * {@code verify}: strategies and scenarios on a real cluster. Everything is done and watched
 * through kubectl.
 */
@NullMarked
package io.gracefuldrain.lab.cluster;

import org.jspecify.annotations.NullMarked;
