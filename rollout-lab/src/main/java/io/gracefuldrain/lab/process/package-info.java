/** Processes and threads of the program's own. */
@NullMarked
package io.gracefuldrain.lab.process;

import org.jspecify.annotations.NullMarked;
