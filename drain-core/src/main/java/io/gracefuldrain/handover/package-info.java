/**
 * The hand-over of sessions between pods: tokens that name a session and its pod, and the way to
 * that pod. {@link io.gracefuldrain.handover.HandOver} is the entry.
 */
@NullMarked
package io.gracefuldrain.handover;

import org.jspecify.annotations.NullMarked;
