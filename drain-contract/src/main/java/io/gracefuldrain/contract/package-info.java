/**
 * What the drain expects of an adapter, as tests. An adapter's own test extends {@link
 * io.gracefuldrain.contract.DrainableConnectionContract} and opens its server with real clients.
 */
@NullMarked
package io.gracefuldrain.contract;

import org.jspecify.annotations.NullMarked;
