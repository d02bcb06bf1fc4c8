/** The page that the service shows to a browser, and its files. */
@NullMarked
package io.gracefuldrain.sample.page;

import org.jspecify.annotations.NullMarked;
