/**
 * The figures that a crowd finds, as records that are written and read as JSON. The report is drawn
 * from these alone.
 */
@NullMarked
package io.gracefuldrain.lab.results;

import org.jspecify.annotations.NullMarked;
