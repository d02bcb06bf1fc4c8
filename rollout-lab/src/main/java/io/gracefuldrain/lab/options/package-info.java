/**
 * How options are written on the command line, and how mistakes in them are reported. Every command
 * uses it, those of the sample too.
 */
@NullMarked
package io.gracefuldrain.lab.options;

import org.jspecify.annotations.NullMarked;
