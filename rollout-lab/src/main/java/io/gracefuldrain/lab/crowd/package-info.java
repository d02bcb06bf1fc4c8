/**
 * {@code probe}: a crowd of lean and Java clients that listen, send and count, at any server that
 * speaks the events of the sample.
 */
@NullMarked
package io.gracefuldrain.lab.crowd;

import org.jspecify.annotations.NullMarked;
