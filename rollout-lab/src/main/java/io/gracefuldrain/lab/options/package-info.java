/** How options are written on the command line, and how mistakes are told. */
@NullMarked
package io.gracefuldrain.lab.options;

import org.jspecify.annotations.NullMarked;
