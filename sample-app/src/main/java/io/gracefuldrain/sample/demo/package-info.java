/** Two pods, a front and rollouts on one machine, to watch in a browser. */
@NullMarked
package io.gracefuldrain.sample.demo;

import org.jspecify.annotations.NullMarked;
