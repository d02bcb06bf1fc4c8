/**
 * What clients feel of a rollout, measured. What every floor needs stands here; the packages below
 * are the floors, from the bottom up: options, process and tcp; results; ledger and report; lean;
 * crowd; local and cluster.
 */
@NullMarked
package io.gracefuldrain.lab;

import org.jspecify.annotations.NullMarked;
