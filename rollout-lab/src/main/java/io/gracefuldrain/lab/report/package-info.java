/**
 * What an experiment found: its data, the criteria that judge it, the table for the terminal and
 * the page, which {@code HtmlReport} draws. It does not know where the pods ran.
 */
@NullMarked
package io.gracefuldrain.lab.report;

import org.jspecify.annotations.NullMarked;
