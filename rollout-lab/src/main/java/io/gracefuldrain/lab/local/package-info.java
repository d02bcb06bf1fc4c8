/**
 * Rollouts on one machine: pods are processes; the Service, the kubelet and the Deployment
 * controller are modelled.
 */
@NullMarked
package io.gracefuldrain.lab.local;

import org.jspecify.annotations.NullMarked;
