/** A headless crowd that measures what clients feel, against any server that speaks the events. */
@NullMarked
package io.gracefuldrain.lab.probe;

import org.jspecify.annotations.NullMarked;
