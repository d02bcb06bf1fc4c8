/** Options that several commands have. */
@NullMarked
package io.gracefuldrain.sample.options;

import org.jspecify.annotations.NullMarked;
