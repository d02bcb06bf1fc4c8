/** Helpers that the tests of several modules share. They know none of these modules. */
@NullMarked
package io.gracefuldrain.testing;

import org.jspecify.annotations.NullMarked;
