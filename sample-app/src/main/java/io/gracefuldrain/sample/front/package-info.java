/** One address in front of several servers. */
@NullMarked
package io.gracefuldrain.sample.front;

import org.jspecify.annotations.NullMarked;
