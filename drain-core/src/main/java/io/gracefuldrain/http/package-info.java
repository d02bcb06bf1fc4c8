/** The drain over HTTP: probes, hooks and controls, and a server of the JDK's that serves them. */
@NullMarked
package io.gracefuldrain.http;

import org.jspecify.annotations.NullMarked;
