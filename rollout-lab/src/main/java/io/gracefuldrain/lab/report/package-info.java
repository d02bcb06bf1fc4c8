/**
 * The findings of an experiment: its data, its criteria, the table for the terminal, and the page,
 * which {@code HtmlReport} draws. It does not know where the pods ran.
 */
@NullMarked
package io.gracefuldrain.lab.report;

import org.jspecify.annotations.NullMarked;
