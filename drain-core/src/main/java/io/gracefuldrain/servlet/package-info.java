/**
 * The drain in a servlet container: its endpoints as a servlet, and a filter that counts requests.
 */
@NullMarked
package io.gracefuldrain.servlet;

import org.jspecify.annotations.NullMarked;
