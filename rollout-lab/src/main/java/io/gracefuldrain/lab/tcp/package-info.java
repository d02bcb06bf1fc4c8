/**
 * Forwards TCP connections to a backend. The modelled Service and the sample's front are made of
 * it.
 */
@NullMarked
package io.gracefuldrain.lab.tcp;

import org.jspecify.annotations.NullMarked;
