/**
 * What an experiment found: its data, its criteria, the table and the page. It knows nothing of
 * where pods run.
 */
@NullMarked
package io.gracefuldrain.lab.report;

import org.jspecify.annotations.NullMarked;
