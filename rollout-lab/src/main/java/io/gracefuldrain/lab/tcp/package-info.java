/** TCP connections passed on to a backend. */
@NullMarked
package io.gracefuldrain.lab.tcp;

import org.jspecify.annotations.NullMarked;
