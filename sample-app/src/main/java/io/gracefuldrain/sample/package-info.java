/** The sample service. */
@NullMarked
package io.gracefuldrain.sample;

import org.jspecify.annotations.NullMarked;
