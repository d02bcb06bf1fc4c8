/** Two pods, a front and rollouts on one machine, to be looked at in a browser. */
@NullMarked
package io.gracefuldrain.sample.demo;

import org.jspecify.annotations.NullMarked;
