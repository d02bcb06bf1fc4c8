/**
 * {@code rollout}: rollouts on one machine. Pods are processes; the Service, the kubelet and the
 * Deployment controller are models.
 */
@NullMarked
package io.gracefuldrain.lab.local;

import org.jspecify.annotations.NullMarked;
